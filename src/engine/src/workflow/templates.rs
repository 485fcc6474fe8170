//! Templates: workflows to start from, with the segments they need.

use crate::edit::Act;
use crate::journal::Effect;
use crate::refused::Refused;
use crate::workspace::Workspace;
use model::event::{Attribute, Behaviour, EventFilter, EventKind, EventRule, Operand, Window};
use model::field::BIRTHDATE;
use model::workflow::node::{
    AddToSegment, Again, Channel, Condition, EventMatch, Limits, On, Send, Start, Trigger, Until, Wait,
};
use model::workflow::{Edge, Graph, Node, NodeKind, TEMPLATES, Template, WorkflowDef, WorkflowState};
use model::{Mode, NodeId, Op, SegmentDef, SegmentId, WorkflowId};

const DAY: u32 = 24 * 60;

impl Workspace {
    /// Prepares a draft from a template, with those of its segments that are not there yet.
    ///
    /// # Errors
    /// None but those of every new workflow.
    pub fn from_template(&self, at: i64, template: Template) -> Result<(WorkflowId, Act), Refused> {
        let mut draft = Draft::new(self);
        draft.fill(template);
        let known = TEMPLATES.iter().find(|(one, ..)| *one == template);
        let (name, description) = known.map_or(("Workflow", ""), |(_, name, what)| (*name, *what));
        let name = self.some_workflow_name(name);
        let (id, _) = self.create_workflow(at, &name, description, &draft.graph)?;
        let def = WorkflowDef {
            id,
            name,
            description: description.to_owned(),
            state: WorkflowState::Draft,
            version: 1,
            graph: draft.graph,
        };
        let what = format!("Created workflow {} from a template", def.name);
        let made = draft
            .made
            .into_iter()
            .map(|def| Effect::Segment(def.id, Some(def)));
        let mut effects: Vec<Effect> = made.collect();
        effects.push(Effect::Workflow(id, Some(Box::new(def))));
        Ok((id, self.act(at, what, effects, Vec::new(), (0, 0))))
    }
}

/// A graph in the making.
struct Draft<'a> {
    workspace: &'a Workspace,
    graph: Graph,
    made: Vec<SegmentDef>,
}

impl<'a> Draft<'a> {
    fn new(workspace: &'a Workspace) -> Self {
        let mut draft = Draft {
            workspace,
            graph: Graph::default(),
            made: Vec::new(),
        };
        draft.node(0, 0, NodeKind::Start(Start::default()));
        draft
    }

    /// Adds a node in a column and a row of the canvas.
    fn node(&mut self, column: i32, row: i32, kind: NodeKind) -> NodeId {
        let id = self.graph.next_id();
        self.graph.nodes.push(Node {
            id,
            x: 80 + column * 280,
            y: 120 + row * 140,
            name: String::new(),
            kind,
        });
        id
    }

    fn lead(&mut self, from: NodeId, exit: u8, to: NodeId) {
        self.graph.edges.push(Edge { from, exit, to });
    }

    /// Adds nodes in a row, each behind the first exit of the one before, and gives their numbers.
    fn chain(&mut self, from: NodeId, column: i32, row: i32, kinds: Vec<NodeKind>) -> Vec<NodeId> {
        let mut before = from;
        let mut ids = Vec::new();
        for (at, kind) in kinds.into_iter().enumerate() {
            let id = self.node(column + at as i32, row, kind);
            self.lead(before, 0, id);
            ids.push(id);
            before = id;
        }
        ids
    }

    /// A segment of this name, a new one if there is none.
    fn segment(&mut self, name: &str) -> SegmentId {
        if let Some(def) = self.workspace.segment_named(name) {
            return def.id;
        }
        if let Some(def) = self.made.iter().find(|def| def.name == name) {
            return def.id;
        }
        let id = SegmentId(self.workspace.next_segment().0 + self.made.len() as u32);
        self.made.push(SegmentDef {
            id,
            ..SegmentDef::named(name.to_owned())
        });
        id
    }

    fn add(&mut self, name: &str) -> NodeKind {
        NodeKind::AddToSegment(AddToSegment {
            segments: vec![self.segment(name)],
            ..AddToSegment::default()
        })
    }

    fn fill(&mut self, template: Template) {
        let start = NodeId(1);
        match template {
            Template::Welcome => {
                let add = self.add("Buyers");
                self.chain(start, 1, 0, vec![each(EventKind::Purchase), add]);
            }
            Template::Categories => {
                for (row, category) in self.categories().into_iter().enumerate() {
                    let add = self.add(&format!("Interested in {category}"));
                    let visit = when(EventMatch {
                        filter: in_category(&category),
                        ..EventMatch::each(EventKind::ProductVisited)
                    });
                    self.chain(start, 1, row as i32, vec![visit, add]);
                }
            }
            Template::Interest => {
                let category = self
                    .categories()
                    .into_iter()
                    .next()
                    .unwrap_or_else(|| "Footwear".to_owned());
                let name = format!("Interested in {category}");
                let add = self.add(&name);
                let visit = when(EventMatch {
                    filter: in_category(&category),
                    nth: 3,
                    within_days: 7,
                    ..EventMatch::each(EventKind::ProductVisited)
                });
                let bought = NodeKind::Condition(Condition::Did(Behaviour {
                    window: Window::SincePass,
                    ..Behaviour::once(EventKind::Purchase)
                }));
                let ids = self.chain(
                    start,
                    1,
                    0,
                    vec![
                        visit,
                        add,
                        wait(30 * DAY, Again::Restart),
                        bought,
                        NodeKind::Finish,
                    ],
                );
                let out = NodeKind::RemoveFromSegment(vec![self.segment(&name)]);
                let out = self.node(5, 1, out);
                if let [.., bought, _] = ids.as_slice() {
                    self.lead(*bought, 1, out);
                }
            }
            Template::Keep => {
                let segment = self.segment("Recent buyers");
                let add = NodeKind::AddToSegment(AddToSegment {
                    segments: vec![segment],
                    for_days: 30,
                    renew: true,
                    ..AddToSegment::default()
                });
                self.chain(start, 1, 0, vec![each(EventKind::Purchase), add]);
            }
            Template::WinBack => {
                let add = self.add("Win-back");
                let kinds = vec![
                    each(EventKind::Purchase),
                    wait(90 * DAY, Again::Restart),
                    add,
                    email("We miss you"),
                ];
                self.chain(start, 1, 0, kinds);
            }
            Template::Birthday => {
                let birthday = NodeKind::Trigger(Trigger {
                    on: On::Date {
                        field: BIRTHDATE,
                        offset_days: 0,
                        yearly: true,
                        minute: 9 * 60,
                    },
                    limits: Limits::default(),
                });
                self.chain(start, 1, 0, vec![birthday, email("Happy birthday")]);
            }
            Template::Cart => {
                let abandoned = NodeKind::Trigger(Trigger {
                    on: On::CartAbandoned {
                        idle_minutes: 30,
                        filter: EventFilter::default(),
                    },
                    limits: Limits {
                        once_in_days: 7,
                        ..Limits::default()
                    },
                });
                let until = NodeKind::Wait(Wait {
                    until: Until::Activity {
                        event: EventMatch::each(EventKind::Purchase),
                        at_most: 3 * DAY,
                    },
                    again: Again::Keep,
                });
                let kinds = vec![
                    abandoned,
                    email("You left something behind"),
                    until,
                    NodeKind::Finish,
                ];
                let ids = self.chain(start, 1, 0, kinds);
                let add = self.add("Left carts");
                let add = self.node(4, 1, add);
                if let [_, _, until, _] = ids.as_slice() {
                    self.lead(*until, 1, add);
                }
            }
        }
    }

    /// The top categories of the catalogue, in its order.
    fn categories(&self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for product in self.workspace.catalogue() {
            let top = product.category.split(" > ").next().unwrap_or_default();
            if !top.is_empty() && !found.iter().any(|one| one == top) {
                found.push(top.to_owned());
            }
        }
        found
    }
}

fn when(event: EventMatch) -> NodeKind {
    NodeKind::Trigger(Trigger {
        on: On::Event(event),
        limits: Limits::default(),
    })
}

fn each(kind: EventKind) -> NodeKind {
    when(EventMatch::each(kind))
}

fn wait(minutes: u32, again: Again) -> NodeKind {
    let until = Until::Period(minutes);
    NodeKind::Wait(Wait { until, again })
}

fn email(subject: &str) -> NodeKind {
    NodeKind::Send(Send {
        channel: Channel::Email,
        subject: subject.to_owned(),
    })
}

fn in_category(category: &str) -> EventFilter {
    EventFilter {
        mode: Mode::All,
        rules: vec![EventRule {
            attribute: Attribute::Category,
            op: Op::Is,
            values: vec![Operand::Text(category.to_owned())],
        }],
    }
}
