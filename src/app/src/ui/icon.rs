//! The icons: one path each in a box of 24 × 24, drawn as a line.

use leptos::prelude::*;

/// What an icon shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Icon {
    Back,
    Brand,
    Check,
    Close,
    Columns,
    Contacts,
    Copy,
    Data,
    Demo,
    Dots,
    Down,
    Download,
    Edit,
    Export,
    Fields,
    File,
    Filter,
    Fit,
    History,
    Import,
    Info,
    Menu,
    Moon,
    Note,
    Paste,
    Person,
    Pin,
    Plus,
    Redo,
    Save,
    Search,
    Segments,
    Simulator,
    Sun,
    System,
    Tidy,
    Trash,
    Undo,
    Up,
    Warning,
    Workflow,
    ZoomIn,
    ZoomOut,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Icon::Back => "M15 18l-6-6 6-6",
            Icon::Brand => "M4 5v15M20 5v15M12 3v18M2 9h20M2 15h20",
            Icon::Check => "M5 12.5l4.5 4.5L19 7.5",
            Icon::Close => "M6 6l12 12M18 6L6 18",
            Icon::Columns => "M4 5h16v14H4zM9.3 5v14M14.6 5v14",
            Icon::Contacts => {
                "M16 20v-1.5a4 4 0 0 0-4-4H7a4 4 0 0 0-4 4V20M9.5 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM21 20v-1.5a4 4 0 0 0-3-3.8M15.5 4.2a3.5 3.5 0 0 1 0 6.6"
            }
            Icon::Copy => "M9 9h11v11H9zM5 15H4V4h11v1",
            Icon::Data => {
                "M20 6c0 1.7-3.6 3-8 3S4 7.7 4 6s3.6-3 8-3 8 1.3 8 3zM4 6v12c0 1.7 3.6 3 8 3s8-1.3 8-3V6M4 12c0 1.7 3.6 3 8 3s8-1.3 8-3"
            }
            Icon::Demo => "M3 17v-4l5-1 3-5 3 2 2 4 4 1a2 2 0 0 1 1 2v1zM3 20h18",
            Icon::Dots => {
                "M6 12a1 1 0 1 1-2 0 1 1 0 0 1 2 0zM13 12a1 1 0 1 1-2 0 1 1 0 0 1 2 0zM20 12a1 1 0 1 1-2 0 1 1 0 0 1 2 0z"
            }
            Icon::Down => "M6 9l6 6 6-6",
            Icon::Download => "M12 4v11M7 11l5 5 5-5M4 20h16",
            Icon::Edit => "M4 20h4L19 9l-4-4L4 16zM13 7l4 4",
            Icon::Export => "M12 15V4M7 8l5-5 5 5M4 14v6h16v-6",
            Icon::Fields => "M4 6h16M4 12h10M4 18h7",
            Icon::File => "M14 3H6v18h12V7zM14 3v4h4",
            Icon::Filter => "M4 6h16M7 12h10M10 18h4",
            Icon::Fit => "M4 9V4h5M15 4h5v5M20 15v5h-5M9 20H4v-5",
            Icon::History => "M4 5v5h5M4.6 10A8 8 0 1 1 4 13.5M12 8v4.5l3 2",
            Icon::Import => "M12 4v11M7 10l5 5 5-5M4 14v6h16v-6",
            Icon::Info => "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 8h.01",
            Icon::Menu => "M4 6h16M4 12h16M4 18h16",
            Icon::Moon => "M20 14.5A8.5 8.5 0 0 1 9.5 4 8.5 8.5 0 1 0 20 14.5z",
            Icon::Note => "M5 4h14v10l-5 6H5zM19 14h-5v6M8 8h8M8 12h5",
            Icon::Paste => "M9 4h6v3H9zM9 5H5v16h14V5h-4M9 12h6M9 16h4",
            Icon::Person => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20a7 7 0 0 1 14 0",
            Icon::Pin => "M9 4h6l-1 6 3 3v2H7v-2l3-3zM12 15v6",
            Icon::Plus => "M12 5v14M5 12h14",
            Icon::Redo => "M15 14l5-5-5-5M20 9H9.5a5.5 5.5 0 0 0 0 11H13",
            Icon::Save => "M6 3h12v18l-6-4.5L6 21z",
            Icon::Search => "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4",
            Icon::Segments => "M9 15a6 6 0 1 0 0-12 6 6 0 0 0 0 12zM15 21a6 6 0 1 0 0-12 6 6 0 0 0 0 12z",
            Icon::Sun => {
                "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.4 1.4M17.6 17.6L19 19M19 5l-1.4 1.4M6.4 17.6L5 19"
            }
            Icon::System => "M3 5h18v11H3zM9 20h6M12 16v4",
            Icon::Tidy => "M3 9h6v6H3zM15 3h6v6h-6zM15 15h6v6h-6zM9 12h3M15 6h-3v12h3",
            Icon::Trash => "M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5",
            Icon::Simulator => "M5 4l14 8-14 8zM3 4v16",
            Icon::Workflow => "M4 4h6v5H4zM14 15h6v5h-6zM14 4h6v5h-6zM10 6.5h4M7 9v8.5h7",
            Icon::Undo => "M9 14L4 9l5-5M4 9h10.5a5.5 5.5 0 0 1 0 11H11",
            Icon::Up => "M6 15l6-6 6 6",
            Icon::Warning => "M12 4L2.5 20h19zM12 10v4M12 17h.01",
            Icon::ZoomIn => "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4M11 8v6M8 11h6",
            Icon::ZoomOut => "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4M8 11h6",
        }
    }
}

/// An icon, 16 px unless a style says otherwise; hidden from screen readers, since words always stand with it.
#[component]
pub fn Glyph(
    /// Which one.
    icon: Icon,
) -> impl IntoView {
    glyph(icon.path())
}

/// The same of a drawing that only one screen has, as the path of an icon of 24 by 24.
pub fn glyph(path: &'static str) -> impl IntoView {
    view! {
        <svg
            width="16"
            height="16"
            viewBox="0 0 24 24"
            fill="none"
            stroke="currentColor"
            stroke-width="2"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
        >
            <path d=path></path>
        </svg>
    }
}
