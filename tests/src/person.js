// Finds things in the page the way a person does: by the words on them. Runs as the head of each script that the
// tests send into the page; `scope` holds the names of the parts to look in, from the outside in.

const tidy = (text) => (text ?? '').replace(/\s+/g, ' ').trim();
const isVisible = (el) => el.checkVisibility({ visibilityProperty: true });
const CONTROLS = 'input, select, textarea, button';

function textWithout(el, unwanted) {
  const copy = el.cloneNode(true);
  copy.querySelectorAll(unwanted).forEach((part) => part.remove());
  return tidy(copy.textContent);
}

// The accessible name, as far as Corral's pages need it.
function nameOf(el) {
  const ids = el.getAttribute('aria-labelledby');
  if (ids) {
    return tidy(ids.split(/\s+/).map((id) => document.getElementById(id)?.textContent ?? '').join(' '));
  }
  const label = el.getAttribute('aria-label');
  if (label) return tidy(label);
  if (el.labels?.length) {
    return tidy([...el.labels].map((one) => textWithout(one, `${CONTROLS}, [aria-hidden="true"]`)).join(' '));
  }
  if (el.matches('input[type=submit], input[type=button], input[type=reset]')) return tidy(el.value);
  if (el.matches('input, select, textarea')) return tidy(el.placeholder || el.title);
  const title = el.matches('fieldset, table, dialog, details')
    ? el.querySelector(':scope > legend, :scope > caption, :scope > summary')
    : null;
  if (title) return tidy(title.textContent);
  return textWithout(el, '[aria-hidden="true"]') || tidy(el.title);
}

const PARTS = `main, section, nav, aside, header, footer, form, fieldset, dialog, details, article, table, ul, ol, dl,
  [role=dialog], [role=region], [role=group], [role=toolbar], [role=menu], [role=listbox], [role=grid], [role=table],
  [role=tabpanel], [role=navigation], [role=radiogroup], [role=alert], [role=status]`;
const ROWS = 'tr, [role=row], li, dl > div, .toast';

// A part by its name or the heading in it, or else a row by a text in it.
function partOf(root, name) {
  const parts = [...root.querySelectorAll(PARTS)].filter(isVisible);
  const named = parts.filter((part) => {
    const own = part.getAttribute('aria-label') || part.getAttribute('aria-labelledby');
    const titled = part.matches('fieldset, table, details');
    if (own || titled) return nameOf(part) === name;
    return tidy(part.querySelector('h1, h2, h3, h4, h5, h6')?.textContent) === name;
  });
  const rows = [...root.querySelectorAll(ROWS)].filter((row) => isVisible(row) && tidy(row.innerText).includes(name));
  const found = innermost(named.length ? named : rows);
  if (found.length === 1) return { found: found[0] };
  return { problem: `${found.length || 'no'} parts or rows of the page are called “${name}”` };
}

const innermost = (els) => els.filter((el) => !els.some((other) => other !== el && el.contains(other)));

// Where to look: an open modal dialog hides everything else from a person.
function placeOf(scope) {
  const modals = [...document.querySelectorAll('dialog:modal, [aria-modal="true"]')].filter(isVisible);
  let place = { found: modals.at(-1) ?? document.body };
  for (const name of scope) {
    place = partOf(place.found, name);
    if (place.problem) return place;
  }
  return place;
}

function onlyOne(els, kind, name) {
  if (els.length === 1) return { found: els[0] };
  if (els.length === 0) return { problem: `there is no ${kind} called “${name}”` };
  const which = els.map((el) => el.outerHTML.slice(0, 120)).join('\n  ');
  return { problem: `${els.length} ${kind}s are called “${name}”, say where with \`within\`:\n  ${which}` };
}

const CLICKABLE = `button, a[href], summary, input:not([type=hidden]), [role=button], [role=link], [role=menuitem],
  [role=menuitemcheckbox], [role=menuitemradio], [role=tab], [role=option], [role=checkbox], [role=radio],
  [role=switch], [role=treeitem]`;

function clickable(scope, name) {
  const place = placeOf(scope);
  if (place.problem) return place;
  const controls = [...place.found.querySelectorAll(CLICKABLE)].filter((el) => isVisible(el) && nameOf(el) === name);
  if (controls.length) return onlyOne(controls, 'control', name);
  // Cells, rows and the like have no control in them, only a text.
  const texts = [...place.found.querySelectorAll('*')].filter((el) => isVisible(el) && tidy(el.textContent) === name);
  return onlyOne(innermost(texts), 'control', name);
}

// A control that can be pressed now: a press on one that can't is lost without a word.
function pressable(scope, name) {
  const { found, problem } = clickable(scope, name);
  return found?.matches(':disabled, [aria-disabled=true]') ? { problem: `“${name}” can't be pressed` } : { found, problem };
}

const FIELDS = `input:not([type=hidden]), select, textarea, [contenteditable=true], [role=textbox], [role=combobox],
  [role=searchbox], [role=spinbutton], [role=slider]`;

function field(scope, name, only = FIELDS, hidden = false) {
  const place = placeOf(scope);
  if (place.problem) return place;
  const fields = [...place.found.querySelectorAll(only)];
  return onlyOne(fields.filter((el) => (hidden || isVisible(el)) && nameOf(el) === name), 'field', name);
}

function sees(scope, text) {
  const place = placeOf(scope);
  if (place.problem) return place;
  const whole = tidy(place.found.innerText);
  return whole.includes(tidy(text)) ? { found: true } : { problem: `“${text}” isn't to be seen in: ${whole.slice(0, 2000)}` };
}

// Sets a value as a person's picker would: the program hears of it.
function put(el, value) {
  const prototype = Object.getPrototypeOf(el);
  Object.getOwnPropertyDescriptor(prototype, 'value').set.call(el, value);
  el.dispatchEvent(new Event('input', { bubbles: true }));
  el.dispatchEvent(new Event('change', { bubbles: true }));
}

// An entry of the list that is open, by its words; a number or a type beside them doesn't count.
function optionOf(name) {
  const options = [...document.querySelectorAll('[role=option]')].filter(isVisible);
  const words = (option) => tidy((option.querySelector('.option-label') ?? option).textContent);
  return onlyOne(options.filter((option) => words(option) === name), 'entry', name);
}

// Scrolls to what was found where something covers it, as a person would; not every driver does. A line of a menu that
// just opened is waited for until it stands still, or the click may hit its neighbour.
function revealed(answer) {
  if (answer.found?.matches('[role=menuitem]')) {
    const { x, y } = answer.found.getBoundingClientRect();
    const place = `${x} ${y}`;
    const stands = window.__menuLine === place;
    window.__menuLine = place;
    if (!stands) return { problem: 'the menu moves' };
  }
  if (answer.found) {
    const { x, y, width, height } = answer.found.getBoundingClientRect();
    const top = document.elementFromPoint(x + width / 2, y + height / 2);
    if (!top || !(answer.found.contains(top) || top.contains(answer.found))) {
      answer.found.scrollIntoView({ block: 'center', inline: 'nearest' });
    }
  }
  return answer;
}
