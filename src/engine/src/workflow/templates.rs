//! Templates: workflows to start from, with the segments they need.

use crate::edit::Act;
use crate::journal::Effect;
use crate::refused::Refused;
use crate::workspace::Workspace;
use model::event::{Attribute, Behaviour, EventFilter, EventKind, EventRule, Operand, Window};
use model::field::BIRTHDATE;
use model::workflow::node::{
    AddToSegment, Again, Audience, Channel, Condition, EventMatch, Limits, On, Send, Start, Trigger, Until,
    Wait,
};
use model::workflow::{Edge, Graph, Node, NodeKind, TEMPLATES, Template, WorkflowDef, WorkflowState};
use model::{Mode, NodeId, Op, SegmentDef, SegmentId, WorkflowId};

const DAY: u32 = 24 * 60;

/// The number of the Start node of a draft.
pub(crate) const START: NodeId = NodeId(1);

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
pub(crate) struct Draft<'a> {
    workspace: &'a Workspace,
    /// The graph so far.
    pub graph: Graph,
    made: Vec<SegmentDef>,
}

impl<'a> Draft<'a> {
    fn new(workspace: &'a Workspace) -> Self {
        Draft::of(workspace, Audience::All)
    }

    /// A graph that begins with a Start, whose number is 1.
    pub fn of(workspace: &'a Workspace, audience: Audience) -> Self {
        let mut draft = Draft {
            workspace,
            graph: Graph::default(),
            made: Vec::new(),
        };
        let start = Start {
            audience,
            ..Start::default()
        };
        draft.node(0, 0, NodeKind::Start(start));
        draft
    }

    /// Adds a node in a column and a row of the canvas.
    pub fn node(&mut self, column: i32, row: i32, kind: NodeKind) -> NodeId {
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

    /// Leads an exit to a node.
    pub fn lead(&mut self, from: NodeId, exit: u8, to: NodeId) {
        self.graph.edges.push(Edge { from, exit, to });
    }

    /// Adds nodes in a row, each behind the first exit of the one before, and gives their numbers.
    pub fn chain(&mut self, from: NodeId, column: i32, row: i32, kinds: Vec<NodeKind>) -> Vec<NodeId> {
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
        adds(self.segment(name))
    }

    /// Whoever purchases is added to a segment.
    pub fn welcome(&mut self, segment: SegmentId) {
        self.chain(START, 1, 0, vec![each(EventKind::Purchase), adds(segment)]);
    }

    /// Three visits to a category within a week add to a segment; whoever has not purchased 30 days later is removed.
    pub fn interest(&mut self, category: &str, segment: SegmentId) {
        let visit = when(EventMatch {
            filter: in_category(category),
            nth: 3,
            within_days: 7,
            ..EventMatch::each(EventKind::ProductVisited)
        });
        let bought = NodeKind::Condition(Condition::Did(Behaviour {
            window: Window::SincePass,
            ..Behaviour::once(EventKind::Purchase)
        }));
        let kinds = vec![
            visit,
            adds(segment),
            wait(30 * DAY, Again::Restart),
            bought,
            NodeKind::Finish,
        ];
        let ids = self.chain(START, 1, 0, kinds);
        let out = self.node(5, 1, NodeKind::RemoveFromSegment(vec![segment]));
        if let [.., bought, _] = ids.as_slice() {
            self.lead(*bought, 1, out);
        }
    }

    /// On every birthday an email.
    pub fn birthday(&mut self, subject: &str) -> Vec<NodeId> {
        let birthday = NodeKind::Trigger(Trigger {
            on: On::Date {
                field: BIRTHDATE,
                offset_days: 0,
                yearly: true,
                minute: 9 * 60,
            },
            limits: Limits::default(),
        });
        self.chain(START, 1, 0, vec![birthday, email(subject)])
    }

    fn fill(&mut self, template: Template) {
        match template {
            Template::Welcome => {
                let buyers = self.segment("Buyers");
                self.welcome(buyers);
            }
            Template::Categories => {
                for (row, category) in self.categories().into_iter().enumerate() {
                    let add = self.add(&format!("Interested in {category}"));
                    let visit = when(EventMatch {
                        filter: in_category(&category),
                        ..EventMatch::each(EventKind::ProductVisited)
                    });
                    self.chain(START, 1, row as i32, vec![visit, add]);
                }
            }
            Template::Interest => {
                let category = self
                    .categories()
                    .into_iter()
                    .next()
                    .unwrap_or_else(|| "Footwear".to_owned());
                let segment = self.segment(&format!("Interested in {category}"));
                self.interest(&category, segment);
            }
            Template::Keep => {
                let segment = self.segment("Recent buyers");
                let add = NodeKind::AddToSegment(AddToSegment {
                    segments: vec![segment],
                    for_days: 30,
                    renew: true,
                    ..AddToSegment::default()
                });
                self.chain(START, 1, 0, vec![each(EventKind::Purchase), add]);
            }
            Template::WinBack => {
                let add = self.add("Win-back");
                let kinds = vec![
                    each(EventKind::Purchase),
                    wait(90 * DAY, Again::Restart),
                    add,
                    email("We miss you"),
                ];
                self.chain(START, 1, 0, kinds);
            }
            Template::Birthday => {
                self.birthday("Happy birthday");
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
                let ids = self.chain(START, 1, 0, kinds);
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

/// Adds to a segment for good.
pub(crate) fn adds(segment: SegmentId) -> NodeKind {
    NodeKind::AddToSegment(AddToSegment {
        segments: vec![segment],
        ..AddToSegment::default()
    })
}

/// Waits for each event of a kind.
pub(crate) fn each(kind: EventKind) -> NodeKind {
    when(EventMatch::each(kind))
}

fn wait(minutes: u32, again: Again) -> NodeKind {
    let until = Until::Period(minutes);
    NodeKind::Wait(Wait { until, again })
}

/// Sends an email.
pub(crate) fn email(subject: &str) -> NodeKind {
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
