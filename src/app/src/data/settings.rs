//! The workspace's settings: time zone, default country, order of dates.

use crate::state::use_app;
use crate::ui::reactive::{effect, memo};
use crate::ui::{Button, Choice, Combobox, Look, RadioGroup, TextField, format};
use leptos::prelude::*;
use leptos::task::spawn_local;
use model::import::DateOrder;
use model::message::{Request, Settings};

/// The calling code that a person typed: digits, without what is written around them.
fn calling_code(text: &str) -> Option<String> {
    let digits = text
        .trim()
        .trim_start_matches('+')
        .trim_start_matches("00")
        .trim();
    let fits = digits.len() <= 4 && digits.chars().all(|c| c.is_ascii_digit());
    fits.then(|| digits.to_owned())
}

/// The form with the workspace's settings.
#[component]
pub fn SettingsForm() -> impl IntoView {
    let app = use_app();
    let saved = memo(move |_| app.overview.with(|overview| overview.settings.clone()));
    let zone = RwSignal::new(String::new());
    let country = RwSignal::new(String::new());
    let order = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    effect(move || {
        let Settings {
            time_zone,
            country: code,
            date_order,
        } = saved.get();
        zone.set(time_zone);
        country.set(code);
        order.set(
            if date_order == DateOrder::DayFirst {
                "day"
            } else {
                "month"
            }
            .to_owned(),
        );
    });
    let own = format::own_zone();
    let zones: Vec<Choice> = {
        let mut zones = vec![Choice {
            key: String::new(),
            label: "UTC".into(),
            detail: String::new(),
        }];
        if !own.is_empty() && own != "UTC" {
            zones.push(Choice {
                key: own.clone(),
                label: own.clone(),
                detail: "This device".into(),
            });
        }
        zones.extend(
            format::zones()
                .into_iter()
                .filter(|zone| *zone != own && zone != "UTC")
                .map(|zone| Choice::new(zone.clone(), zone)),
        );
        zones
    };
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let Some(code) = country.with_untracked(|text| calling_code(text)) else {
            error.set(Some("Give the digits of a calling code, like 34".to_owned()));
            return;
        };
        error.set(None);
        let date_order = if order.get_untracked() == "month" {
            DateOrder::MonthFirst
        } else {
            DateOrder::DayFirst
        };
        let settings = Settings {
            time_zone: zone.get_untracked(),
            country: code,
            date_order,
        };
        spawn_local(async move {
            match app.ask(Request::EditSettings(settings)).await {
                Ok(reply) => app.say_done(&reply),
                Err(problem) => {
                    error.try_set(Some(problem.to_string()));
                }
            }
        });
    };
    let orders = vec![
        Choice {
            key: "day".into(),
            label: "Day first".into(),
            detail: "31/12/2026".into(),
        },
        Choice {
            key: "month".into(),
            label: "Month first".into(),
            detail: "12/31/2026".into(),
        },
    ];
    view! {
        <section class="card" aria-labelledby="settings">
            <h2 id="settings">"Settings"</h2>
            <form class="form" on:submit=save>
                <Combobox
                    framed=true
                    label="Time zone"
                    hint="For days and weekdays, and for the times on the screen"
                    choices=zones
                    value=zone
                    on_pick=move |key| zone.set(key)
                />
                <TextField
                    label="Default country code"
                    value=country
                    kind="text"
                    placeholder="34"
                    hint="Put before phone numbers that come without one; empty keeps them as written"
                    error=error
                />
                <RadioGroup label="Order of dates that read both ways" choices=orders value=order inline=true/>
                <div class="buttons"><Button label="Save settings" look=Look::Primary submit=true/></div>
            </form>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::calling_code;

    #[test]
    fn a_calling_code_is_read_however_it_is_written() {
        assert_eq!(calling_code("+34").as_deref(), Some("34"));
        assert_eq!(calling_code(" 0034 ").as_deref(), Some("34"));
        assert_eq!(calling_code("").as_deref(), Some(""));
        assert_eq!(calling_code("Spain"), None);
    }
}
