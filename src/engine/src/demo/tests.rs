//! What a newcomer finds in the demo, and that it comes and goes in one step.

use crate::workspace::{Opening, Prepared, Workspace};
use model::field::*;
use model::history::CauseLabel;
use model::query::Selection;
use model::{ChangeId, ContactId, FieldId, SegmentDef};

/// 2026-11-23T22:30:00Z
const NOW: i64 = 1_795_473_000_000;
const DAY: i64 = 86_400_000;

fn loaded() -> Workspace {
    let mut workspace = Workspace::new();
    load(&mut workspace);
    workspace
}

fn load(workspace: &mut Workspace) -> ChangeId {
    let demo = workspace.load_demo(NOW).unwrap();
    demo.into_iter().for_each(|prepared| workspace.apply(prepared));
    workspace.overview(NOW).demo.unwrap()
}

fn segment<'a>(workspace: &'a Workspace, name: &str) -> &'a SegmentDef {
    workspace.segment_named(name).unwrap()
}

fn members(workspace: &Workspace, name: &str) -> u64 {
    workspace.members(segment(workspace, name).id).len()
}

fn having(workspace: &Workspace, field: FieldId, value: &str) -> usize {
    let column = workspace.column(field).unwrap();
    workspace
        .alive()
        .iter()
        .filter(|contact| column.text(*contact) == value.as_bytes())
        .count()
}

fn filled(workspace: &Workspace, field: FieldId) -> u64 {
    workspace
        .column(field)
        .unwrap()
        .filled()
        .intersection_len(workspace.alive())
}

#[test]
fn look() {
    let started = std::time::Instant::now();
    let workspace = loaded();
    println!("{:?}", started.elapsed());
    for change in workspace.history(0, 1000).1.iter().rev() {
        println!(
            "{:4} {:6.2} {:?} {} {}",
            change.id,
            (NOW - change.at) as f64 / DAY as f64,
            change.cause,
            change.what,
            change.undone
        );
    }
    let overview = workspace.overview(NOW);
    for s in &overview.segments {
        println!("{} {} {:?}", s.def.name, s.members, s.growth);
    }
    for f in &overview.fields {
        println!("{} {}", f.def.name, f.filled);
    }
    for import in workspace.imports() {
        println!("{import:#?}");
    }
    for status in ["subscribed", "unsubscribed", "none"] {
        println!("{status} {}", having(&workspace, NEWSLETTER_STATUS, status));
    }
    let ana = workspace.find(EMAIL, "ana.lopez@example.com");
    println!("{ana:?}");
    let column = workspace.column(EMAIL).unwrap();
    println!(
        "{:?}",
        workspace
            .alive()
            .iter()
            .map(|c| String::from_utf8_lossy(column.text(c)).into_owned())
            .filter(|e| e.starts_with("ana.l"))
            .collect::<Vec<_>>()
    );
    let bytes: usize = workspace.journal().iter().map(|e| e.set.to_bytes().len()).sum();
    println!("journal {bytes}");
}
