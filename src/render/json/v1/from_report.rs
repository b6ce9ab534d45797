//! Report → version 1, field by field: the one place to look when the report changes.

use std::collections::BTreeMap;

use super::super::view;
use super::{
    AccountCoverage, Control, CoverageCell, Evidence, Exception, ExceptionNote, Framework, Gap, GapEffect,
    Origin, Pack, Remedy, Rule, Run, Scope, Subject, Summary, Tool, Unread, Verdict, inventory, report,
};

impl Tool {
    pub(in crate::render) fn of(report: &report::Report) -> Self {
        Self { name: "trailproof".to_owned(), version: report.run.tool_version.clone() }
    }
}

impl Run {
    /// A run in the shape of version 1.
    #[must_use]
    pub fn of(run: &report::Run) -> Self {
        Self {
            as_of: run.as_of.clone(),
            started_at: run.started_at.clone(),
            finished_at: run.finished_at.clone(),
            caller_account: run.caller_account.clone(),
            caller_arn: run.caller_arn.clone(),
            partition: run.partition.clone(),
            organization: run.organization.clone(),
            management_account: run.management_account.clone(),
            scope: Scope::of(&run.scope),
            interrupted: run.interrupted,
            calls: run.calls,
            packs: run.packs.iter().map(Pack::of).collect(),
            baseline: match &run.baseline {
                report::Baseline::NotGiven => "not_given".to_owned(),
                report::Baseline::First => "first".to_owned(),
                report::Baseline::Results(as_of) => as_of.clone(),
                report::Baseline::Unsuited(_) => "unsuited".to_owned(),
            },
        }
    }
}

impl Scope {
    fn of(scope: &inventory::Scope) -> Self {
        Self {
            account_only: scope.account_only,
            regions: scope.regions.clone(),
            accounts: scope.accounts.clone(),
            exclude_accounts: scope.exclude_accounts.clone(),
            organizational_units: scope.organizational_units.clone(),
        }
    }
}

impl Pack {
    fn of(pack: &report::PackSummary) -> Self {
        Self {
            id: pack.id.clone(),
            title: pack.title.clone(),
            version: pack.version.clone(),
            digest: pack.digest.clone(),
        }
    }
}

impl Summary {
    pub(in crate::render) fn of(summary: &report::Summary) -> Self {
        Self {
            pass: summary.pass,
            fail: summary.fail,
            unknown: summary.unknown,
            not_applicable: summary.not_applicable,
            excepted: summary.excepted,
        }
    }
}

impl Rule {
    pub(in crate::render) fn of(rule: &report::RuleSummary) -> Self {
        Self {
            id: rule.id.clone(),
            aliases: rule.aliases.clone(),
            title: rule.title.clone(),
            subject: rule.subject.name().to_owned(),
            severity: rule.severity.name().to_owned(),
            why: rule.why.clone(),
            remedy: Remedy::of(&rule.remedy),
            controls: rule.controls.clone(),
            references: rule.references.clone(),
            parameters: rule.parameters.clone(),
        }
    }
}

impl Remedy {
    fn of(remedy: &report::Remedy) -> Self {
        Self {
            text: (*remedy.text).to_owned(),
            cli: (*remedy.cli).to_owned(),
            terraform: (*remedy.terraform).to_owned(),
            cloudformation: (*remedy.cloudformation).to_owned(),
        }
    }
}

impl Verdict {
    pub(in crate::render) fn of(verdict: &report::Verdict) -> Self {
        Self {
            rule: (*verdict.rule).to_owned(),
            status: verdict.status.name().to_owned(),
            severity: verdict.severity.name().to_owned(),
            subject: Subject::of(&verdict.subject),
            message: (*verdict.message).to_owned(),
            fingerprint: verdict.fingerprint.clone(),
            because: verdict.because.iter().map(Evidence::of).collect(),
            remedy: verdict.remedy.as_deref().map(Remedy::of),
            gaps: verdict.gaps.iter().map(Gap::of).collect(),
            was_failing_on: verdict.was_failing_on.clone(),
            drift: verdict.since.as_ref().map(|since| drift(since).to_owned()),
            since: verdict.since.as_ref().map(|since| since.date.clone()),
            exception: verdict.exception.as_deref().map(Exception::of),
        }
    }
}

fn drift(since: &report::Since) -> &'static str {
    if since.is_new { "new" } else { "existing" }
}

impl Subject {
    pub(super) fn of(subject: &report::Subject) -> Self {
        Self {
            kind: subject.kind.name().to_owned(),
            id: subject.id.clone(),
            name: subject.name.clone(),
            account: subject.account.clone(),
            region: subject.region.clone(),
        }
    }
}

impl Evidence {
    fn of(evidence: &report::Evidence) -> Self {
        Self {
            fact: (*evidence.fact).to_owned(),
            value: evidence.value.clone(),
            origins: evidence.origins.iter().map(Origin::of).collect(),
        }
    }
}

impl Origin {
    fn of(origin: &inventory::Origin) -> Self {
        match origin {
            inventory::Origin::Call(call) => Self {
                operation: call.operation.clone(),
                account: call.account.clone(),
                region: call.region.clone(),
                resource: call.resource.clone(),
                stated: String::new(),
            },
            inventory::Origin::Stated(by) => Self { stated: by.clone(), ..Self::default() },
        }
    }
}

impl Gap {
    fn of(gap: &inventory::Gap) -> Self {
        Self {
            origin: Origin::of(&gap.origin),
            reason: match gap.reason {
                inventory::GapReason::Denied => "denied",
                inventory::GapReason::Throttled => "throttled",
                inventory::GapReason::TimedOut => "timed_out",
                inventory::GapReason::Unavailable => "unavailable",
                inventory::GapReason::Unreadable => "unreadable",
                inventory::GapReason::Refused => "refused",
                inventory::GapReason::NotCollected => "not_collected",
                inventory::GapReason::Interrupted => "interrupted",
            }
            .to_owned(),
            detail: gap.detail.clone(),
        }
    }
}

impl GapEffect {
    pub(in crate::render) fn of(effect: &report::GapEffect) -> Self {
        Self { gap: Gap::of(&effect.gap), verdicts: effect.verdicts }
    }
}

impl Unread {
    pub(in crate::render) fn of(unread: &report::Unread) -> Self {
        Self { account: unread.account.clone(), region: unread.region.clone(), gap: Gap::of(&unread.gap) }
    }
}

impl Exception {
    fn of(exception: &report::Exception) -> Self {
        Self {
            reason: exception.reason.clone(),
            owner: exception.owner.clone(),
            expires: exception.expires.clone(),
            ticket: exception.ticket.clone(),
        }
    }
}

impl ExceptionNote {
    pub(in crate::render) fn of(note: &report::ExceptionNote) -> Self {
        Self {
            trouble: note.trouble.name().to_owned(),
            place: note.place.clone(),
            scope: note.scope.clone(),
            message: note.message.clone(),
        }
    }
}

impl AccountCoverage {
    pub(in crate::render) fn of(account: &report::AccountCoverage) -> Self {
        Self {
            account: account.account.clone(),
            name: account.name.clone(),
            path: account.path.clone(),
            evaluated: account.evaluated,
            note: account.note.clone(),
            regions: account.cells.iter().map(CoverageCell::of).collect(),
        }
    }
}

impl CoverageCell {
    fn of(cell: &report::CoverageCell) -> Self {
        Self {
            region: cell.region.clone(),
            reads: cell.reads.name().to_owned(),
            writes: cell.writes.name().to_owned(),
            trails: cell.trails.clone(),
        }
    }
}

impl Framework {
    pub(in crate::render) fn of(
        framework: &report::FrameworkSummary,
        report: &report::Report,
        counts: &BTreeMap<&str, report::Summary>,
    ) -> Self {
        let controls = view::controls(framework, report, counts);
        Self {
            id: framework.id.clone(),
            title: framework.title.clone(),
            version: framework.version.clone(),
            source: framework.url.clone(),
            selected: framework.is_selected,
            controls: controls.iter().map(Control::of).collect(),
        }
    }
}

impl Control {
    fn of(row: &view::Control<'_>) -> Self {
        Self {
            id: row.of.id.clone(),
            title: row.of.title.clone(),
            status: row.status.to_owned(),
            rules: row.of.rules.clone(),
            note: row.of.note.clone(),
        }
    }
}
