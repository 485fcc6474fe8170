//! The table that translates a column's values: `Yes` → Subscribed.

use super::flow::Flow;
use super::target::{cut, folded};
use crate::state::{unexpected, use_app};
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{Button, Dialog, DialogFoot, Look, Notice, Tone, format};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::field::{FieldDef, FieldType};
use model::import::Target;
use model::message::{Reply, Request};
use model::problem::Problem;

/// One value of a column: as it is in the file, how often, and what it is read as (empty: as it is).
#[derive(Clone, Debug, PartialEq, Eq)]
struct Line {
    value: String,
    count: u64,
    to: String,
}

/// The values met and those translated already, each once; translated ones that were not met come last.
fn lines(met: Vec<(String, u64)>, known: &[(String, String)]) -> Vec<Line> {
    let to = |value: &str| {
        known
            .iter()
            .find(|(from, _)| folded(from) == folded(value))
            .map(|(_, to)| to.clone())
    };
    let mut lines: Vec<Line> = Vec::new();
    for (value, count) in met {
        match lines
            .iter_mut()
            .find(|line| folded(&line.value) == folded(&value))
        {
            // Values are compared trimmed and without case, so they are one line.
            Some(line) => line.count += count,
            None => {
                let to = to(&value).unwrap_or_default();
                lines.push(Line { value, count, to });
            }
        }
    }
    for (from, to) in known {
        if !lines.iter().any(|line| folded(&line.value) == folded(from)) {
            lines.push(Line {
                value: from.clone(),
                count: 0,
                to: to.clone(),
            });
        }
    }
    lines
}

/// What is kept of the table: values that are read as others.
fn translations(lines: &[Line]) -> Vec<(String, String)> {
    let changed = lines.iter().filter(|line| !line.to.trim().is_empty());
    changed
        .map(|line| (line.value.clone(), line.to.trim().to_owned()))
        .collect()
}

/// What a value can be read as, where the field says: ids and names.
fn options(field: &FieldDef) -> Vec<(String, String)> {
    match field.kind {
        FieldType::Radio | FieldType::Checkbox => field
            .options
            .iter()
            .map(|option| (option.id.clone(), option.name.clone()))
            .collect(),
        FieldType::Boolean => vec![("true".into(), "Yes".into()), ("false".into(), "No".into())],
        _ => Vec::new(),
    }
}

/// The dialog; open while `column` names a column.
#[component]
pub fn ValuesDialog(
    flow: Flow,
    /// The place of the column whose values are translated.
    column: RwSignal<Option<usize>>,
) -> impl IntoView {
    let open = RwSignal::new(false);
    effect(move || open.set(column.get().is_some()));
    effect(move || {
        // A signal that is set is told of, whatever it was: setting it in vain would go round for ever.
        if !open.get() && column.with_untracked(Option::is_some) {
            column.set(None);
        }
    });
    let title = memo(move |_| {
        let name = column.get().and_then(|at| {
            flow.mapping
                .with(|mapping| mapping.columns.get(at).map(|map| map.column.clone()))
        });
        name.map(|name| format!("Translate values of {name}"))
            .unwrap_or_default()
    });
    view! {
        <Dialog open=open title=title>
            {move || column.get().map(|at| view! { <Table flow=flow at=at open=open/> })}
        </Dialog>
    }
}

/// The table, its values asked of the worker.
#[component]
fn Table(flow: Flow, at: usize, open: RwSignal<bool>) -> impl IntoView {
    let app = use_app();
    let rows = RwSignal::new(None::<Vec<Line>>);
    let problem = RwSignal::new(None::<Problem>);
    let asked = flow.preview.with_untracked(|preview| {
        preview
            .as_ref()
            .map(|preview| Request::SourceValues(preview.source, preview.format.clone(), at as u32))
    });
    if let Some(request) = asked {
        spawn_local(async move {
            let known = flow.mapping.with_untracked(|mapping| {
                mapping
                    .columns
                    .get(at)
                    .map(|map| map.values.clone())
                    .unwrap_or_default()
            });
            match app.ask(request).await {
                Ok(Reply::Values(met)) => {
                    rows.try_set(Some(lines(met, &known)));
                }
                Ok(_) => {
                    problem.try_set(Some(unexpected()));
                }
                Err(found) => {
                    problem.try_set(Some(found));
                }
            }
        });
    }
    let choices = StoredValue::new(flow.mapping.with_untracked(|mapping| {
        let target = mapping.columns.get(at).map(|map| map.target.clone());
        match target {
            Some(Target::Field(id)) => app.overview.with_untracked(|overview| {
                overview
                    .fields
                    .iter()
                    .find(|field| field.def.id == id)
                    .map(|field| options(&field.def))
                    .unwrap_or_default()
            }),
            Some(Target::NewField {
                kind: FieldType::Boolean,
                ..
            }) => {
                vec![("true".into(), "Yes".into()), ("false".into(), "No".into())]
            }
            _ => Vec::new(),
        }
    }));
    let count = memo(move |_| rows.with(|rows| rows.as_ref().map(Vec::len)));
    let body = move || {
        let many = count.get()?;
        let lines = (0..many)
            .map(|line| view! { <TableLine rows=rows line=line choices=choices/> })
            .collect_view();
        Some(if many == 0 {
            view! { <p class="soft">"This column has no values in the first rows"</p> }.into_any()
        } else {
            view! {
                <div class="list-frame">
                    <table class="list">
                        <thead>
                            <tr>
                                <th scope="col">"In the file"</th>
                                <th scope="col" class="number">"Rows"</th>
                                <th scope="col">"Read as"</th>
                            </tr>
                        </thead>
                        <tbody>{lines}</tbody>
                    </table>
                </div>
            }
            .into_any()
        })
    };
    let apply = move |_| {
        let translated = rows.with_untracked(|rows| rows.as_deref().map(translations));
        if let Some(values) = translated {
            flow.edit_column(at, |map| map.values = values);
        }
        open.set(false);
    };
    view! {
        <p class="soft">"The values of the first rows, most frequent first; compared without case and outer spaces"</p>
        {move || problem.get().map(|problem| view! { <Notice tone=Tone::Danger text=problem.to_string()/> })}
        {body}
        <DialogFoot>
            <Button label="Cancel" on_press=move |_| open.set(false)/>
            <Button
                label="Apply"
                look=Look::Primary
                disabled=derived(move || count.get().is_none())
                on_press=apply
            />
        </DialogFoot>
    }
}

/// One value: how often it is met, and what it is read as.
#[component]
fn TableLine(
    rows: RwSignal<Option<Vec<Line>>>,
    line: usize,
    choices: StoredValue<Vec<(String, String)>>,
) -> impl IntoView {
    let Some(Line { value, count, to }) =
        rows.with_untracked(|rows| rows.as_ref().and_then(|rows| rows.get(line).cloned()))
    else {
        return ().into_any();
    };
    let set = move |text: String| {
        rows.update(|rows| {
            if let Some(row) = rows.as_mut().and_then(|rows| rows.get_mut(line)) {
                row.to = text;
            }
        });
    };
    let label = format!("Read {} as", cut(&value, 60));
    let control = if choices.with_value(Vec::is_empty) {
        view! {
            <input
                class="input"
                type="text"
                autocomplete="off"
                aria-label=label
                placeholder="As it is"
                prop:value=to
                on:input=move |event| set(event_target_value(&event))
            />
        }
        .into_any()
    } else {
        // A value translated into something that is no option of the field stays visible.
        let mut all = choices.get_value();
        if !to.is_empty() && !all.iter().any(|(id, _)| *id == to) {
            all.push((to.clone(), to.clone()));
        }
        let options = all
            .into_iter()
            .map(|(id, name)| {
                let chosen = id == to;
                view! { <option value=id prop:selected=chosen>{name}</option> }
            })
            .collect_view();
        view! {
            <select class="input" aria-label=label on:change=move |event| set(event_target_value(&event))>
                <option value="">"As it is"</option>
                {options}
            </select>
        }
        .into_any()
    };
    view! {
        <tr>
            <th scope="row">{cut(&value, 80)}</th>
            <td class="number">{if count == 0 { "–".to_owned() } else { format::number(count) }}</td>
            <td>{control}</td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(from: &str, to: &str) -> (String, String) {
        (from.to_owned(), to.to_owned())
    }

    #[test]
    fn values_that_differ_only_in_case_are_one_line() {
        let met = vec![
            ("Yes".to_owned(), 10),
            ("yes ".to_owned(), 2),
            ("No".to_owned(), 5),
        ];
        let lines = lines(met, &[pair("YES", "subscribed"), pair("maybe", "none")]);
        let shown: Vec<(&str, u64, &str)> = lines
            .iter()
            .map(|line| (line.value.as_str(), line.count, line.to.as_str()))
            .collect();
        assert_eq!(
            shown,
            [("Yes", 12, "subscribed"), ("No", 5, ""), ("maybe", 0, "none")]
        );
    }

    #[test]
    fn only_translated_values_are_kept() {
        let met = vec![("Yes".to_owned(), 10), ("No".to_owned(), 5)];
        let lines = lines(met, &[pair("yes", " subscribed ")]);
        assert_eq!(translations(&lines), [pair("Yes", "subscribed")]);
    }
}
