//! The demo's workflows: two that run, one that stands still, one that is over, and one that is not finished.

use super::segments::{QUIET_BUYERS, VIP};
use super::shop::{QUIET, WIN_BACK};
use super::story::{Story, Time, free};
use crate::refused::Refused;
use crate::workflow::templates::{Draft, START, adds, each, email};
use model::event::{Behaviour, EventKind, Operand, Window};
use model::field::{EMAIL, TOTAL_PURCHASE_AMOUNT};
use model::workflow::node::{Audience, CheckRule, Condition, Subject};
use model::workflow::{Graph, NodeKind, StateChange};
use model::{Mode, Op, SegmentDef, SegmentId, WorkflowId};

/// What somebody must have spent to become a VIP.
const VIP_SPENDS: &str = "320";
/// The days on which the workflow **VIP** begins and ends: the mornings after an evening on which the shop reports.
const CHOOSING: (i64, i64) = (77, 42);
/// Workflows that act at once are activated before the shop opens.
const EARLY: (i64, i64) = (8, 30);

impl Story {
    /// **Welcome buyers**: whoever purchases is added to Buyers.
    pub fn welcome(&mut self, at: Time) -> Result<(), Refused> {
        let mut draft = Draft::of(&self.stage.workspace, Audience::All);
        draft.welcome(self.segments.buyers);
        let about = ("Welcome buyers", "Whoever purchases is added to Buyers");
        let graph = draft.graph;
        self.activate(at, about, &graph).map(|_| ())
    }

    /// **Interested in Footwear**: three visits to footwear within a week add, 30 days without a purchase remove.
    pub fn show_interest(&mut self, at: Time) -> Result<(), Refused> {
        let mut draft = Draft::of(&self.stage.workspace, Audience::All);
        draft.interest("Footwear", self.segments.footwear);
        let about = (
            "Interested in Footwear",
            "3 visits in 7 days add to the segment; 30 days later, whoever has not purchased is removed",
        );
        let graph = draft.graph;
        self.activate(at, about, &graph).map(|_| ())
    }

    /// **VIP**: buyers who have spent enough are added, those who had already and those who come to it.
    pub fn choose_best(&mut self) -> Result<(SegmentId, WorkflowId), Refused> {
        self.report_until(CHOOSING.0)?;
        let vip = self.segment((CHOOSING.0, (8, 10)), VIP, None)?;
        self.edit((CHOOSING.0, (8, 11)), vip, |old| SegmentDef {
            pinned: true,
            ..old
        })?;
        let mut draft = Draft::of(&self.stage.workspace, Audience::Segment(self.segments.buyers));
        let spent = NodeKind::Condition(Condition::Check {
            mode: Mode::All,
            rules: vec![CheckRule {
                subject: Subject::Field(TOTAL_PURCHASE_AMOUNT),
                op: Op::AtLeast,
                values: vec![Operand::Text(VIP_SPENDS.to_owned())],
            }],
        });
        let ids = draft.chain(START, 2, 0, vec![spent, adds(vip), NodeKind::Finish]);
        let bought = draft.node(1, 1, each(EventKind::Purchase));
        draft.lead(START, 0, bought);
        if let [spent, _, finish] = ids.as_slice() {
            draft.lead(bought, 0, *spent);
            draft.lead(*spent, 1, *finish);
        }
        let about = ("VIP", "Buyers who have spent enough become VIPs");
        let graph = draft.graph;
        let workflow = self.activate((CHOOSING.0, EARLY), about, &graph)?;
        Ok((vip, workflow))
    }

    /// From now on VIPs are chosen by hand.
    pub fn choose_no_more(&mut self, choosing: WorkflowId) -> Result<(), Refused> {
        self.report_until(CHOOSING.1)?;
        self.change((CHOOSING.1, EARLY), choosing, StateChange::Finalize)
    }

    /// **Win-back**: buyers who have bought nothing for long are added and written to; a purchase removes them.
    pub fn win_back(&mut self) -> Result<WorkflowId, Refused> {
        self.report_until(WIN_BACK)?;
        let segment = self.segment((WIN_BACK, (8, 10)), QUIET_BUYERS, None)?;
        let mut draft = Draft::of(&self.stage.workspace, Audience::Segment(self.segments.buyers));
        let quiet = NodeKind::Condition(Condition::Did(Behaviour {
            op: Op::AtMost,
            number: "0".to_owned(),
            window: Window::LastDays(QUIET as u32),
            ..Behaviour::once(EventKind::Purchase)
        }));
        let kinds = vec![
            quiet,
            adds(segment),
            NodeKind::Condition(Condition::HasField(EMAIL)),
            email("We miss you"),
            NodeKind::Finish,
        ];
        let ids = draft.chain(START, 1, 0, kinds);
        if let [quiet, _, has, _, finish] = ids.as_slice() {
            draft.lead(*quiet, 1, *finish);
            draft.lead(*has, 1, *finish);
            let back = vec![
                each(EventKind::Purchase),
                NodeKind::RemoveFromSegment(vec![segment]),
            ];
            if let [.., out] = draft.chain(START, 1, 1, back).as_slice() {
                draft.lead(*out, 0, *finish);
            }
        }
        let about = (
            "Win-back",
            "Who has bought nothing for 90 days is added and sent an email; a purchase removes from the segment",
        );
        let graph = draft.graph;
        self.activate((WIN_BACK, EARLY), about, &graph)
    }

    /// **Win-back** stands still from this morning on.
    pub fn pause(&mut self, winning_back: WorkflowId) -> Result<(), Refused> {
        self.change((0, EARLY), winning_back, StateChange::Pause)
    }

    /// **Birthday**, a draft: nobody has thought of a subject yet.
    pub fn greet(&mut self) -> Result<(), Refused> {
        let mut draft = Draft::of(&self.stage.workspace, Audience::All);
        let ids = draft.birthday("");
        let finish = draft.node(3, 0, NodeKind::Finish);
        if let [.., email] = ids.as_slice() {
            draft.lead(*email, 0, finish);
        }
        let graph = draft.graph;
        let about = ("Birthday", "An email on every birthday");
        self.draft((10, (16, 20)), about, &graph).map(|_| ())
    }

    /// A person makes a workflow, which is a draft at first.
    fn draft(
        &mut self,
        (day, at): Time,
        (name, description): (&str, &str),
        graph: &Graph,
    ) -> Result<WorkflowId, Refused> {
        let when = self.stage.moment(day, at);
        let workspace = &self.stage.workspace;
        let name = free(name, " ", &|name| {
            let name = name.to_lowercase();
            workspace.workflows().any(|def| def.name.to_lowercase() == name)
        });
        let (id, act) = workspace.create_workflow(when, &name, description, graph)?;
        self.stage.person(when, act);
        Ok(id)
    }

    /// A person makes a workflow and activates it a few minutes later.
    fn activate(
        &mut self,
        (day, (hour, minute)): Time,
        about: (&str, &str),
        graph: &Graph,
    ) -> Result<WorkflowId, Refused> {
        let id = self.draft((day, (hour, minute)), about, graph)?;
        let at = (day, (hour, minute + 8));
        self.change(at, id, StateChange::Activate)?;
        self.stage.begin(self.stage.moment(day, at.1))?;
        Ok(id)
    }

    /// A person changes the state of a workflow.
    fn change(&mut self, (day, at): Time, id: WorkflowId, to: StateChange) -> Result<(), Refused> {
        let when = self.stage.moment(day, at);
        let act = self.stage.workspace.change_workflow(when, id, to)?;
        self.stage.person(when, act);
        Ok(())
    }
}
