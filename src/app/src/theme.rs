//! Light, dark, or as the system has it.

use crate::prefs;
use crate::ui::Icon;
use leptos::prelude::*;

/// Light, dark, or as the system has it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Always light.
    Light,
    /// Always dark.
    Dark,
}

impl Theme {
    /// All of them, in the order they are offered.
    pub const ALL: [Theme; 3] = [Theme::System, Theme::Light, Theme::Dark];

    /// The name on the screen.
    pub fn label(self) -> &'static str {
        match self {
            Theme::System => "System theme",
            Theme::Light => "Light theme",
            Theme::Dark => "Dark theme",
        }
    }

    /// The icon beside the name.
    pub fn icon(self) -> Icon {
        match self {
            Theme::System => Icon::System,
            Theme::Light => Icon::Sun,
            Theme::Dark => Icon::Moon,
        }
    }

    fn key(self) -> &'static str {
        match self {
            Theme::System => "",
            Theme::Light => "light",
            Theme::Dark => "dark",
        }
    }

    /// The theme that was chosen on this device.
    pub fn load() -> Theme {
        let key = prefs::get("theme").unwrap_or_default();
        Theme::ALL
            .into_iter()
            .find(|theme| theme.key() == key)
            .unwrap_or_default()
    }

    /// Shows the page in this theme, and remembers it.
    pub fn apply(self) {
        if let Some(root) = document().document_element() {
            // Both names are fixed and valid, so neither call can fail.
            match self {
                Theme::System => root.remove_attribute("data-theme").ok(),
                Theme::Light | Theme::Dark => root.set_attribute("data-theme", self.key()).ok(),
            };
        }
        prefs::set("theme", self.key());
    }
}
