//! Asking the browser to keep the data: without it, some delete a site's data when the disk fills up.

use crate::{prefs, site};

/// The preference that says that the browser was asked.
const ASKED: &str = "asked-to-keep";

/// What a browser answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// It keeps the data until the person deletes it.
    Keeps,
    /// It may delete the data.
    May,
    /// It can't be asked.
    Silent,
}

impl Answer {
    /// The answer in words.
    pub fn words(self) -> &'static str {
        match self {
            Answer::Keeps => "The browser agreed to keep Corral's data until you delete it",
            Answer::May => {
                "The browser did not promise to keep Corral's data: it may delete it when the disk is nearly full, so export a copy from time to time"
            }
            Answer::Silent => {
                "This browser can't be asked to keep Corral's data, so export a copy from time to time"
            }
        }
    }
}

/// Asks the browser once, after the first import; none where it was asked before.
pub async fn ask_once() -> Option<Answer> {
    if prefs::get(ASKED).is_some() {
        return None;
    }
    prefs::set(ASKED, "true");
    let answer = site::ask_storage("persist").await;
    Some(match answer.and_then(|answer| answer.as_bool()) {
        None => Answer::Silent,
        Some(true) => Answer::Keeps,
        Some(false) => Answer::May,
    })
}
