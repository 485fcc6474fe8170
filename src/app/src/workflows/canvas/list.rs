//! The list view: the graph in the order in which contacts pass it, with everything that the canvas can do.

use super::node::told;
use super::scene::called;
use super::stage::Stage;
use super::summary;
use crate::state::use_app;
use crate::ui::reactive::{derived, memo};
use crate::ui::{Badge, Button, Icon, Look, Menu, MenuItem, Tone};
use leptos::html;
use leptos::prelude::*;
use litemap::LiteMap;
use model::NodeId;
use model::message::Overview;
use model::workflow::{Edge, Graph, GraphChange, NodeKind, OFFERS, layout};

/// The most steps that a line is moved in for.
const DEEPEST: usize = 6;

/// One line of the list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Line {
    /// Its number in the list and its name: “3. Wait”.
    name: String,
    /// What it is, and its settings in a few words.
    about: String,
    /// How far it is moved in.
    depth: usize,
    /// Its exits, each with its name and where it leads.
    exits: Vec<Exit>,
}

/// One exit of a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Exit {
    name: String,
    /// The nodes it leads to, with their names.
    to: Vec<(NodeId, String)>,
}

/// The lines of a graph, by their nodes.
fn lines(graph: &Graph, overview: &Overview) -> (Vec<NodeId>, LiteMap<NodeId, Line>) {
    let walked = layout::walk(graph);
    let order: Vec<NodeId> = walked.iter().map(|(id, _)| *id).collect();
    let nodes: LiteMap<NodeId, _> = graph.nodes.iter().map(|node| (node.id, node)).collect();
    let named = (1..).zip(&order).filter_map(|(number, id)| {
        let node = nodes.get(id)?;
        Some((*id, format!("{number}. {}", called(node))))
    });
    let names: LiteMap<NodeId, String> = named.collect();
    let mut leads: LiteMap<(NodeId, u8), Vec<NodeId>> = LiteMap::new();
    for edge in &graph.edges {
        let key = (edge.from, edge.exit);
        match leads.get_mut(&key) {
            Some(to) => to.push(edge.to),
            None => {
                leads.insert(key, vec![edge.to]);
            }
        }
    }
    let line = |(id, depth): &(NodeId, usize)| {
        let node = nodes.get(id)?;
        let summary = summary::summary(&node.kind, overview);
        let kind = match node.kind.label() {
            kind if kind == called(node) => "",
            kind => kind,
        };
        let sort = summary::sort(node.kind.group());
        let about = [kind, sort, summary.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty());
        let exits = (0..).zip(node.kind.exits()).map(|(exit, name)| {
            let to = leads.get(&(*id, exit)).into_iter().flatten();
            let named = to.filter_map(|id| Some((*id, names.get(id)?.clone())));
            Exit {
                name,
                to: named.collect(),
            }
        });
        let line = Line {
            name: names.get(id)?.clone(),
            about: about.collect::<Vec<_>>().join(" · "),
            depth: (*depth).min(DEEPEST),
            exits: exits.collect(),
        };
        Some((*id, line))
    };
    let lines = walked.iter().filter_map(line).collect();
    (order, lines)
}

/// The lines of the menu *Connect to…* of an exit: what takes its connections away, then where it may lead.
fn targets(
    stage: Stage,
    lines: &LiteMap<NodeId, Line>,
    order: &[NodeId],
    from: NodeId,
    exit: u8,
) -> Vec<MenuItem> {
    let edge = |to: NodeId| Edge { from, exit, to };
    let name = |id: NodeId| lines.get(&id).map(|line| line.name.clone()).unwrap_or_default();
    let (now, many) = stage.graph(|graph| {
        let start = graph
            .node(from)
            .is_some_and(|node| matches!(node.kind, NodeKind::Start(_)));
        (graph.targets(from, exit).collect::<Vec<_>>(), start)
    });
    let mut items: Vec<MenuItem> = now
        .iter()
        .map(|to| {
            let edge = edge(*to);
            let label = match many {
                true => format!("Not to {}", name(*to)),
                false => "Nothing".to_owned(),
            };
            MenuItem::act(label, move || {
                stage.editor.change(vec![GraphChange::Disconnect(edge)])
            })
        })
        .collect();
    if !items.is_empty() {
        items.push(MenuItem::line());
    }
    stage.graph(|graph| {
        let may = order
            .iter()
            .map(|to| edge(*to))
            .filter(|edge| graph.may_connect(*edge));
        items.extend(may.map(|edge| {
            MenuItem::act(name(edge.to), move || {
                stage.editor.change(vec![GraphChange::Connect(edge)]);
            })
        }));
    });
    if items.is_empty() {
        items.push(MenuItem::act("There is no other node yet", || {}).disabled(true));
    }
    items
}

/// The lines of the menu *Add node after…* of an exit.
fn offers(stage: Stage, from: NodeId, exit: u8) -> Vec<MenuItem> {
    let mut items = Vec::new();
    let mut group = None;
    for offer in OFFERS {
        if matches!((offer.make)(), NodeKind::Start(_)) {
            continue;
        }
        if group
            .replace(offer.group)
            .is_some_and(|before| before != offer.group)
        {
            items.push(MenuItem::line());
        }
        let make = offer.make;
        items.push(MenuItem::act(offer.label, move || {
            stage.add_after(from, exit, make())
        }));
    }
    items
}

/// The list view.
#[component]
pub fn ListView(
    /// The canvas.
    stage: Stage,
) -> impl IntoView {
    let app = use_app();
    let node = NodeRef::<html::Div>::new();
    let editor = stage.editor;
    let all = memo(move |_| {
        editor
            .graph
            .with(|graph| app.overview.with(|overview| lines(graph, overview)))
    });
    let order = memo(move |_| all.with(|(order, _)| order.clone()));
    let locked = derived(move || editor.why_locked().is_some());
    let fixed = derived(move || editor.why_fixed().is_some());
    // What had the focus goes with its line.
    let remove = move |id: NodeId| {
        stage.choose(vec![id]);
        stage.remove();
        if let Some(node) = node.get_untracked() {
            node.focus().ok();
        }
    };
    let trash = move |id: NodeId, disabled: Signal<bool>| {
        view! {
            <Button
                label="Delete"
                look=Look::Quiet
                small=true
                icon=Icon::Trash
                disabled=disabled
                on_press=move |_| remove(id)
            />
        }
    };
    let exit = move |id: NodeId, at: usize| {
        let number = u8::try_from(at).unwrap_or(u8::MAX);
        let exit = memo(move |_| {
            all.with(|(_, lines)| lines.get(&id).and_then(|line| line.exits.get(at).cloned()))
                .unwrap_or_default()
        });
        let leads = move || {
            exit.with(|exit| {
                let to: Vec<&str> = exit.to.iter().map(|(_, name)| name.as_str()).collect();
                match to.is_empty() {
                    true => format!("{} leads nowhere", exit.name),
                    false => format!("{} leads to {}", exit.name, to.join(", ")),
                }
            })
        };
        let connect = move |()| all.with_untracked(|(order, lines)| targets(stage, lines, order, id, number));
        let menus = move || {
            (!fixed.get()).then(|| view! {
                <div class="buttons">
                    <Menu label="Add node after…" text=true icon=Icon::Plus items=move |()| offers(stage, id, number)/>
                    <Menu label="Connect to…" text=true icon=Icon::Workflow items=connect/>
                </div>
            })
        };
        view! {
            <li class="graph-exit">
                <span class="graph-leads">{leads}</span>
                {menus}
            </li>
        }
    };
    let line = move |id: NodeId| {
        let item = stage.item(id);
        let line = memo(move |_| all.with(|(_, lines)| lines.get(&id).cloned()).unwrap_or_default());
        let exits = memo(move |_| line.with(|line| line.exits.len()));
        let marks = item.clone().map(|item| item.marks);
        let happened = marks.clone();
        let fault = move || {
            marks
                .as_ref()
                .and_then(|marks| marks.with(|marks| marks.fault.clone()))
        };
        let told = move || {
            happened
                .as_ref()
                .map(|marks| marks.with(told))
                .unwrap_or_default()
        };
        let state = item.map(|item| item.state);
        let state = derived(move || state.as_ref().map(|state| state.get()).unwrap_or_default());
        let picked = derived(move || state.get().chosen);
        let named = move |what: &str| format!("{what} {}", line.with(|line| line.name.clone()));
        view! {
            <li
                class="graph-line"
                class:graph-chosen=picked
                class:graph-lit=move || state.get().lit
                style=("--depth", move || line.with(|line| line.depth.to_string()))
            >
                <div class="graph-head">
                    <input
                        type="checkbox"
                        class="choice-box"
                        aria-label=move || named("Choose")
                        prop:checked=picked
                        on:change=move |_| stage.toggle(id)
                    />
                    <div class="graph-name">
                        <h2>{move || line.with(|line| line.name.clone())}</h2>
                        <p class="soft small">{move || line.with(|line| line.about.clone())}</p>
                        <p class="small">{told}</p>
                        {move || fault().map(|(what, blocks)| view! {
                            <p class="graph-fault small">
                                <Badge
                                    label=if blocks { "Fault" } else { "Hint" }
                                    tone=if blocks { Tone::Danger } else { Tone::Warning }
                                />
                                " "
                                {what}
                            </p>
                        })}
                    </div>
                    <div class="buttons">
                        <Button
                            label=derived(move || if locked.get() { "Look" } else { "Edit" }.to_owned())
                            small=true
                            icon=Icon::Edit
                            on_press=move |_| stage.choose(vec![id])
                        />
                        <span title=move || editor.why_fixed()>
                            {trash(id, fixed)}
                        </span>
                    </div>
                </div>
                <ul class="graph-exits">
                    <For each=move || 0..exits.get() key=|at| *at let:at>{exit(id, at)}</For>
                </ul>
            </li>
        }
    };
    let note = move |id: NodeId| {
        let text = memo(move |_| {
            editor.graph.with(|graph| {
                let note = graph.notes.iter().find(|note| note.id == id);
                note.map(|note| note.text.clone()).unwrap_or_default()
            })
        });
        view! {
            <li class="graph-line">
                <div class="graph-head">
                    <div class="graph-name">
                        <h2>"Note"</h2>
                        <p class="graph-note">{move || text.get()}</p>
                    </div>
                    <div class="buttons">
                        <Button
                            label="Edit text…"
                            small=true
                            icon=Icon::Edit
                            disabled=locked
                            on_press=move |_| stage.writing.set(Some(id))
                        />
                        {trash(id, locked)}
                    </div>
                </div>
            </li>
        }
    };
    view! {
        <div class="graph-list" tabindex="-1" role="group" aria-label="Nodes as a list" node_ref=node>
            <ol class="graph-lines">
                <For each=move || order.get() key=|id| *id let:id>{line(id)}</For>
            </ol>
            <ul class="graph-lines" hidden=move || stage.scene.notes.with(Vec::is_empty)>
                <For each=move || stage.scene.notes.get() key=|id| *id let:id>{note(id)}</For>
            </ul>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::workflow::Node;

    fn node(id: u32, label: &str, name: &str) -> Option<Node> {
        let offer = OFFERS.iter().find(|offer| offer.label == label)?;
        Some(Node {
            id: NodeId(id),
            x: 0,
            y: 0,
            name: name.to_owned(),
            kind: (offer.make)(),
        })
    }

    #[test]
    fn each_line_says_where_its_exits_lead() {
        let edge = |from, exit, to| Edge {
            from: NodeId(from),
            exit,
            to: NodeId(to),
        };
        let nodes = [
            node(3, "Finish", ""),
            node(1, "Start", ""),
            node(2, "Has purchased", "Bought?"),
        ];
        let graph = Graph {
            nodes: nodes.into_iter().flatten().collect(),
            edges: vec![edge(1, 0, 2), edge(2, 1, 3)],
            notes: Vec::new(),
        };
        let (order, lines) = lines(&graph, &Overview::default());
        assert_eq!(order, [1, 2, 3].map(NodeId));
        let bought = lines.get(&NodeId(2)).unwrap();
        assert_eq!(bought.name, "2. Bought?");
        assert_eq!(
            bought.about,
            "Has purchased · condition · purchased at least 1 time"
        );
        assert_eq!(bought.depth, 1);
        assert_eq!(
            bought.exits[0],
            Exit {
                name: "YES".to_owned(),
                to: Vec::new()
            }
        );
        assert_eq!(bought.exits[1].to, [(NodeId(3), "3. Finish".to_owned())]);
    }
}
