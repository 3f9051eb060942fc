'use strict';
// One case as it stood on a day: what had happened, the refusals and how they were reversed, the plan, and the end.
const { UNKNOWN_DAY, seen } = require('./judging');

const CUT = 'cut off'; // an outcome whose day is still to come: as if nothing were decided
const CLOCKS = {
  mediation_agreement: { plan: 14, noPlan: 10 },
  tribunal_order: { plan: 14, noPlan: 10 },
  consent_order: { plan: 14, noPlan: 10 },
  unopposed: { plan: 14, noPlan: 10 },
  own_change: { plan: 14, noPlan: 10, practice: true },
  conceded: { plan: 14, noPlan: 10, practice: true },
};

const first = (...days) => days.filter(Boolean).sort()[0] || null;

function outcome(facts, step, asAt) {
  const code = (facts[`${step}_outcome`] || '').trim().toUpperCase();
  const on = facts[`${step}_outcome_date`] || null;
  if (code === 'W') return { code: facts.closed_date > asAt ? CUT : 'W', on: null, recorded: code };
  if (code === 'A' || code === 'H') return { code, on: null, recorded: code };
  if (on && on > asAt) return { code: code && CUT, on: null, recorded: code };
  return { code, on, recorded: code };
}

// The earlier of receipt and becoming responsible, and never before the child moved in.
function startOf(facts) {
  const start = first(facts.received_date, facts.responsible_date);
  return start && facts.moved_in_date > start ? facts.moved_in_date : start;
}

function read(facts, asAt) {
  const now = { asAt, start: startOf(facts) };
  now.request = outcome(facts, 'request', asAt);
  now.assessment = outcome(facts, 'assessment', asAt);
  if (now.request.code === CUT && !now.assessment.on) now.assessment = { code: '', on: null, recorded: '' };
  now.decided = seen(facts.issue_decision_date, asAt);
  now.draft = seen(facts.draft_sent_date, asAt);
  const agreed = now.assessment.code === 'Y' ? now.assessment.on : null;
  now.final = now.assessment.code === 'H' ? null : first(seen(facts.plan_issued_date, asAt), agreed);
  now.told = seen(facts.assess_notice_date, asAt);
  readReversal(now, facts);
  readEnd(now, facts);
  return now;
}

function readReversal(now, facts) {
  const route = facts.reversal_route || null;
  const isOfIssue =
    (route === 'order_to_make' && now.assessment.recorded === 'N') || facts.reversal_of === 'issue';
  const isRecorded = Boolean(route || facts.reversal_of);
  const on = seen(facts.reversal_date, now.asAt);
  const undated = isRecorded && !facts.reversal_date ? UNKNOWN_DAY : null;
  const dated = now.assessment.on || now.decided || now.draft || now.final;
  const toCome = isRecorded && !isOfIssue && facts.reversal_date > now.asAt;
  // While the reversal is still to come, a code that has no day of its own shows nothing.
  const goesOn = dated || (!toCome && ['Y', 'N', 'W', 'H', 'A'].includes(now.assessment.code));
  const reversal = (refused, mine, shown) =>
    !refused ? null : (mine && (on || undated)) || (shown ? UNKNOWN_DAY : null);
  const refusedToAssess = now.request.code === 'N';
  const refusedToIssue = now.assessment.code === 'N';
  now.assessReversed = reversal(refusedToAssess, isRecorded && !isOfIssue, goesOn);
  const later = (day) => day && now.assessment.on && day > now.assessment.on;
  now.issueReversed = reversal(refusedToIssue, isRecorded && isOfIssue, later(now.final) || later(now.draft));
  now.refusalToAssessStands = refusedToAssess && !now.assessReversed;
  now.refusalToIssueStands = refusedToIssue && !now.issueReversed;
  now.reversedOn = now.issueReversed || now.assessReversed;
  now.clock = !now.reversedOn ? null : now.issueReversed ? { plan: 11 } : CLOCKS[route] || { unknown: true };
  if (now.clock && now.issueReversed && ['own_change', 'conceded'].includes(route)) now.clock = { original: true };
  if (now.clock && now.reversedOn === UNKNOWN_DAY) {
    now.clock = CLOCKS[route]?.practice || now.clock.original ? { original: true } : { unknown: true };
  }
}

// A case ends with its plan, else with a refusal that stands, else on the day it was closed.
function readEnd(now, facts) {
  const closed = seen(facts.closed_date, now.asAt);
  const left = [now.request.code, now.assessment.code].includes('W') || facts.exported || facts.closed_reason;
  const refused = now.refusalToIssueStands ? now.assessment.on || UNKNOWN_DAY : now.refusalToAssessStands ? now.request.on || UNKNOWN_DAY : null;
  now.end = now.final || refused || closed || (left && !facts.closed_date ? UNKNOWN_DAY : null);
  // A refusal or a plan closes nothing that this is about: such limits run on, or do not apply.
  now.otherEnd = now.final || refused ? null : now.end;
}

module.exports = { read, first };
