//! The form that makes or changes a segment.

use crate::contacts::new_segment;
use crate::palette::members;
use crate::router::here;
use crate::state::{App, once, use_app};
use crate::ui::{Button, Choice, Empty, Icon, LinkButton, Look, Notice, Page, SelectField, TextField, Tone};
use crate::words;
use leptos::prelude::*;
use model::SegmentId;
use model::field::MAX_NAME;
use model::message::{Reply, Request};
use model::route::Route;
use model::segment::SegmentDef;

/// The form for a new segment.
#[component]
pub fn NewSegment() -> impl IntoView {
    view! {
        <Page title="Create new segment" back=("Segments".to_owned(), Route::Segments.to_string())>
            <Form def=new_segment(String::new(), String::new()) new=true/>
        </Page>
    }
}

/// The form for a segment that exists.
#[component]
pub fn EditSegment(
    /// The segment.
    id: SegmentId,
) -> impl IntoView {
    let app = use_app();
    let def = app.overview.with_untracked(|overview| {
        overview
            .segments
            .iter()
            .find(|segment| segment.def.id == id)
            .map(|segment| segment.def.clone())
    });
    let formula = app.overview.with_untracked(|overview| {
        let info = overview.segments.iter().find(|segment| segment.def.id == id);
        info.and_then(|info| info.formula.as_ref())
            .map(|formula| words::group(formula, overview))
    });
    let title = def
        .as_ref()
        .map_or("Segment not found".to_owned(), |def| format!("Edit {}", def.name));
    view! {
        <Page title=title back=("Segments".to_owned(), Route::Segments.to_string())>
            {formula.map(|formula| view! {
                <dl class="facts form">
                    <dt>"Formula"</dt>
                    <dd>{formula}" · "<a href=Route::Refresh.to_string()>"Refresh…"</a></dd>
                </dl>
            })}
            {match def {
                Some(def) => view! { <Form def=def new=false/> }.into_any(),
                None => view! { <NotFound/> }.into_any(),
            }}
        </Page>
    }
}

/// What is shown where a segment was.
#[component]
pub fn NotFound() -> impl IntoView {
    view! {
        <Empty icon=Icon::Segments title="There is no such segment" text="It was deleted, or the link was cut off on its way here">
            <LinkButton label="Segments" look=Look::Primary href=Route::Segments.to_string()/>
        </Empty>
    }
}

/// Makes or changes a segment and goes on to it, or says what is wrong: at the name, where it is about that, else over
/// the form.
pub fn save(
    app: App,
    request: Request,
    name: RwSignal<Option<String>>,
    form: RwSignal<Option<String>>,
) -> impl Future<Output = ()> {
    let here = here();
    async move {
        match app.ask(request).await {
            Ok(reply) => {
                app.say_done(&reply);
                here.go(&match reply {
                    Reply::Segment(id, _) => members(id),
                    _ => Route::Segments,
                });
            }
            Err(what) => {
                let about_name = what.at.eq_ignore_ascii_case("name");
                app.report_at(if about_name { name } else { form }, &what);
            }
        }
    }
}

/// The tags of a text with commas, each once.
fn tags(text: &str) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in text.split(',').map(str::trim).filter(|tag| !tag.is_empty()) {
        if !tags.iter().any(|known| known.eq_ignore_ascii_case(tag)) {
            tags.push(tag.to_owned());
        }
    }
    tags
}

/// The form.
#[component]
fn Form(
    /// What the form begins with.
    def: SegmentDef,
    /// Whether it makes a segment.
    new: bool,
) -> impl IntoView {
    let app = use_app();
    let kind = RwSignal::new("static".to_owned());
    let name = RwSignal::new(def.name.clone());
    let description = RwSignal::new(def.description.clone());
    let tag_text = RwSignal::new(def.tags.join(", "));
    let name_error = RwSignal::new(None::<String>);
    let problem = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let sent = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let name = name.with_untracked(|name| name.trim().to_owned());
        name_error.set(None);
        problem.set(None);
        if name.is_empty() {
            name_error.set(Some("Give the segment a name".to_owned()));
            return;
        }
        let from = def.clone();
        let to = SegmentDef {
            name,
            description: description.with_untracked(|text| text.trim().to_owned()),
            tags: tag_text.with_untracked(|text| tags(text)),
            ..def.clone()
        };
        let request = if new {
            Request::CreateSegment(to, None)
        } else {
            Request::EditSegment { from, to }
        };
        once(busy, save(app, request, name_error, problem));
    };
    view! {
        <form class="form" on:submit=sent>
            {move || problem.get().map(|problem| view! { <Notice tone=Tone::Danger text=problem/> })}
            <SelectField
                label="Type"
                choices=vec![Choice::new("static", "Static Segment")]
                value=kind
                hint="Its contacts change only when you or an import adds or removes them"
            />
            <TextField label="Name" value=name error=name_error required=true max=MAX_NAME focus=new/>
            <TextField label="Description" value=description lines=3/>
            <TextField label="Tags" value=tag_text hint="Words to find it by, split by commas"/>
            <div class="buttons">
                <Button label="Save" look=Look::Primary submit=true disabled=busy/>
                <LinkButton label="Cancel" href=Route::Segments.to_string()/>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::tags;

    #[test]
    fn tags_are_split_by_commas() {
        assert_eq!(tags(" spring, VIP,, vip "), ["spring", "VIP"]);
    }
}
