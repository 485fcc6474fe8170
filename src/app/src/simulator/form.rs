//! The form of a simulation: who, how long, how likely, when, where, how fast.

use super::copy;
use super::spec::{CHANCES, Key, SPEEDS, keep, kept, overlapped, read};
use crate::prefs;
use crate::state::{App, once, unexpected, use_app};
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{
    Button, Choice, Combobox, Icon, Look, Notice, RadioGroup, SelectField, TextField, Tone, format,
    segment_choices,
};
use leptos::prelude::*;
use model::message::{Reply, Request};
use model::query::WEEKDAYS;
use model::simulation::SimulationSpec;

/// The preference that keeps the form.
const KEPT: &str = "simulation";

/// One input: what it holds, and what is wrong with that.
#[derive(Clone, Copy)]
struct Input {
    key: Key,
    value: RwSignal<String>,
    error: RwSignal<Option<String>>,
}

/// The inputs of the form. Copied freely.
#[derive(Clone, Copy)]
struct Form {
    inputs: StoredValue<Vec<Input>>,
    /// An input that nothing reads, for a key that no input has.
    spare: Input,
}

impl Form {
    /// The form as it was left, or with what is usual.
    fn new() -> Form {
        let before = prefs::get(KEPT).unwrap_or_default();
        let usual = SimulationSpec {
            seed: draw_seed(),
            ..SimulationSpec::default()
        };
        // Where it runs, and from when, is chosen anew each time: on a copy and today unless somebody says otherwise.
        let before = |key: Key| kept(&before, key).filter(|_| !matches!(key, Key::On | Key::From));
        let input = |key: Key| Input {
            key,
            value: RwSignal::new(before(key).unwrap_or_else(|| key.text(&usual))),
            error: RwSignal::new(None),
        };
        let inputs: Vec<Input> = Key::all().into_iter().map(input).collect();
        Form {
            inputs: StoredValue::new(inputs),
            spare: input(Key::Days),
        }
    }

    fn input(self, key: Key) -> Input {
        let found = self
            .inputs
            .with_value(|inputs| inputs.iter().find(|input| input.key == key).copied());
        found.unwrap_or(self.spare)
    }

    fn text(self, key: Key) -> String {
        self.input(key).value.get()
    }

    /// What is asked for, in the workspace's time zone; what is wrong is said at the inputs.
    fn read(self, zone: &str) -> Option<SimulationSpec> {
        let found = untrack(|| read(|key| self.text(key), |day| format::midnight(day, zone)));
        let faults = found.as_ref().err().cloned().unwrap_or_default();
        self.inputs.with_value(|inputs| {
            for input in inputs {
                let fault = faults.iter().find(|(key, _)| *key == input.key);
                input.error.set(fault.map(|(_, what)| what.clone()));
            }
        });
        found.ok()
    }

    /// Gives some inputs what is usual.
    fn reset(self, which: impl Fn(Key) -> bool) {
        let usual = SimulationSpec::default();
        self.inputs.with_value(|inputs| {
            for input in inputs.iter().filter(|input| which(input.key)) {
                input.value.set(input.key.text(&usual));
                input.error.set(None);
            }
        });
    }

    /// Whether one of some inputs has something wrong with it.
    fn wrong(self, which: impl Fn(Key) -> bool) -> bool {
        self.inputs.with_value(|inputs| {
            let mut of = inputs.iter().filter(|input| which(input.key));
            of.any(|input| input.error.with(Option::is_some))
        })
    }
}

/// A number drawn at random; with it the same simulation can be made again.
fn draw_seed() -> u64 {
    // Below 2³², so every value is exact.
    (js_sys::Math::random() * 1e9) as u64
}

fn is_chance(key: Key) -> bool {
    matches!(key, Key::Chance(_))
}

fn is_season(key: Key) -> bool {
    matches!(key, Key::Weekday(_) | Key::Hour(_) | Key::PeakDay | Key::Peak)
}

/// The form; **Simulate** starts a job, which the page finds among all jobs.
#[component]
pub fn SimulationForm() -> impl IntoView {
    let app = use_app();
    let form = Form::new();
    effect(move || prefs::set(KEPT, &keep(|key| form.text(key))));
    let problem = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let zone = app.zone();
    let go = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let found = zone.with_untracked(|zone| form.read(zone));
        if let (Some(spec), false) = (found, busy.get_untracked()) {
            start(app, spec, busy, problem);
        }
    };
    let text = move |key: Key, label: &'static str, kind: &'static str, hint: &'static str| {
        let Input { value, error, .. } = form.input(key);
        view! { <TextField label=label kind=kind value=value error=error hint=hint/> }
    };
    let seed = form.input(Key::Seed);
    let draw = move |_| {
        seed.value.set(draw_seed().to_string());
        seed.error.set(None);
    };
    let speeds: Vec<Choice> = SPEEDS
        .iter()
        .map(|(speed, name)| Choice::new(speed.to_string(), *name))
        .collect();
    view! {
        <form class="card simulation" aria-labelledby="simulation" on:submit=go>
            <h2 id="simulation">"Simulation"</h2>
            {move || problem.get().map(|problem| view! { <Notice tone=Tone::Danger text=problem/> })}
            <div class="form-row">
                <Population input=form.input(Key::Population)/>
                {text(Key::From, "First day", "date", "Today where it is empty")}
                {text(Key::Days, "Days", "number", "Virtual days")}
                {text(Key::Visits, "Visits a day", "number", "Of all people together")}
            </div>
            <Overlap from=form.input(Key::From)/>
            <div class="simulation-seed">
                <TextField label="Seed" value=seed.value error=seed.error hint="The same seed on the same data gives the same events"/>
                <Button label="New seed" on_press=draw/>
            </div>
            <Chances form=form/>
            <Season form=form/>
            <Where input=form.input(Key::On)/>
            <SelectField label="Speed" choices=speeds value=form.input(Key::Speed).value/>
            <div class="buttons">
                <Button label="Simulate" look=Look::Primary icon=Icon::Simulator submit=true disabled=busy/>
                <p class="field-error" role="alert">
                    {move || form.wrong(|_| true).then_some("Correct what is marked above")}
                </p>
            </div>
        </form>
    }
}

fn start(app: App, spec: SimulationSpec, busy: RwSignal<bool>, problem: RwSignal<Option<String>>) {
    problem.set(None);
    if app.copy.get_untracked() {
        // It makes room for the next one.
        copy::look(app, false);
    }
    once(busy, async move {
        let what = match app.ask(Request::Simulate(Box::new(spec))).await {
            Ok(Reply::Job(_)) => None,
            Ok(_) => Some(unexpected()),
            Err(what) => Some(what),
        };
        // The form goes once the job is heard of.
        problem.try_set(what.map(|what| what.to_string()));
    });
}

/// Who is simulated.
#[component]
fn Population(
    /// The segment's id, or empty.
    input: Input,
) -> impl IntoView {
    let app = use_app();
    let choices = memo(move |_| {
        let everybody = Choice {
            detail: app.overview.with(|overview| format::number(overview.contacts)),
            ..Choice::new("", "All contacts")
        };
        let mut choices = vec![everybody];
        choices.extend(app.overview.with(segment_choices));
        choices
    });
    // A segment that was deleted meanwhile is no choice any more.
    effect(move || {
        let gone = choices.with(|choices| {
            input
                .value
                .with(|id| !choices.iter().any(|choice| choice.key == *id))
        });
        if gone {
            input.value.set(String::new());
        }
    });
    view! {
        <Combobox
            label="Population"
            framed=true
            choices=choices
            value=input.value
            on_pick=move |id| input.value.set(id)
            hint="Who visits the shop"
        />
    }
}

/// Says that the first day lies in what was simulated before, and what to do.
#[component]
fn Overlap(
    /// The first day.
    from: Input,
) -> impl IntoView {
    let app = use_app();
    let zone = app.zone();
    let until = memo(move |_| app.overview.with(|overview| overview.simulated_until));
    let words = memo(move |_| {
        let (day, zone) = (from.value.get(), zone.get());
        let end = overlapped(format::midnight(&day, &zone), until.get())?;
        Some(format!(
            "An earlier simulation came up to {}: what it did then mixes with what happens now. Choose a later day, leave the field empty, or clear the simulation first",
            format::moment(end, &zone)
        ))
    });
    view! {
        // Always there, so that what appears in it is read out.
        <div role="status">
            {move || words.get().map(|words| view! { <Notice tone=Tone::Warning text=words/> })}
        </div>
    }
}

/// Where the simulation runs.
#[component]
fn Where(
    /// `copy` or `real`.
    input: Input,
) -> impl IntoView {
    let choices = vec![
        Choice {
            detail: "Your contacts stay as they are; the copy can be looked at afterwards, and thrown away"
                .to_owned(),
            ..Choice::new("copy", "Simulate on a copy")
        },
        Choice::new("real", "Simulate on this workspace"),
    ];
    view! {
        <RadioGroup label="Where" choices=choices value=input.value/>
        <Show when=move || input.value.with(|on| on == "real")>
            <Notice
                tone=Tone::Warning
                text="Members, fields and statistics really change; Clear simulation takes all of it back"
            />
        </Show>
    }
}

/// A part of the form that is folded up, until something in it is wrong.
#[component]
fn Folded(
    /// What it is about.
    label: &'static str,
    /// Which inputs are in it.
    holds: fn(Key) -> bool,
    /// The form.
    form: Form,
    /// The inputs.
    children: Children,
) -> impl IntoView {
    let node = NodeRef::<leptos::html::Details>::new();
    effect(move || {
        if let (true, Some(node)) = (form.wrong(holds), node.get()) {
            node.set_open(true);
        }
    });
    view! {
        <details class="simulation-fold" node_ref=node>
            <summary>{label}</summary>
            <div class="simulation-folded">
                {children()}
                <div class="buttons">
                    <Button label=format!("Usual {}", label.to_lowercase()) small=true on_press=move |_| form.reset(holds)/>
                </div>
            </div>
        </details>
    }
}

/// How likely this and that is.
#[component]
fn Chances(
    /// The form.
    form: Form,
) -> impl IntoView {
    let inputs = CHANCES
        .iter()
        .enumerate()
        .map(|(at, (label, _))| {
            let Input { value, error, .. } = form.input(Key::Chance(at));
            view! { <TextField label=format!("{label} (%)") value=value error=error/> }
        })
        .collect_view();
    view! {
        <Folded label="Chances" holds=is_chance form=form>
            <fieldset class="simulation-many">
                <legend class="unseen">"Chances in percent"</legend>
                {inputs}
            </fieldset>
        </Folded>
    }
}

/// When people come.
#[component]
fn Season(
    /// The form.
    form: Form,
) -> impl IntoView {
    let weight = move |key: Key, label: String| {
        let Input { value, error, .. } = form.input(key);
        view! { <TextField label=label kind="number" value=value error=error/> }
    };
    let days = WEEKDAYS
        .iter()
        .enumerate()
        .map(|(at, day)| weight(Key::Weekday(at), (*day).to_owned()))
        .collect_view();
    let hours = (0..24)
        .map(|at| weight(Key::Hour(at), format!("{at}:00")))
        .collect_view();
    let peak_day = form.input(Key::PeakDay);
    let peak = form.input(Key::Peak);
    let no_peak = derived(move || peak_day.value.with(|day| matches!(day.trim(), "" | "0")));
    view! {
        <Folded label="Season" holds=is_season form=form>
            <fieldset class="field">
                <legend class="field-label">"Visits by weekday"</legend>
                <p class="field-hint">"100 is usual, 200 twice as many, 0 none"</p>
                <div class="simulation-weights">{days}</div>
            </fieldset>
            <fieldset class="field">
                <legend class="field-label">"Visits by hour"</legend>
                <p class="field-hint">"In the workspace’s time zone; 100 is usual"</p>
                <div class="simulation-weights">{hours}</div>
            </fieldset>
            <div class="form-row">
                <TextField
                    label="Peak day"
                    kind="number"
                    value=peak_day.value
                    error=peak_day.error
                    hint="Counted from 1, such as the day of a sale; empty for none"
                />
                <TextField
                    label="Times as many visits"
                    kind="number"
                    value=peak.value
                    error=peak.error
                    disabled=no_peak
                    hint="On the peak day"
                />
            </div>
        </Folded>
    }
}
