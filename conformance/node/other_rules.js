'use strict';
// Limits that are not on a request, each with a start and an act of its own: typed here from the regulations, not from the pack.
const { lastDay, movedOn, plusDays, plusMonths, plusTribunalDays, plusWorkingDays } = require('./days');
const { FIRST_DAY, seen, judge, judgeMinimum, answer } = require('./judging');
const { lifts } = require('./exempting');

const after = (length, unit, start, done, more = {}) => ({ length, unit, count: 'after', start, done, isLaw: true, ...more });
const beginning = (...rest) => ({ ...after(...rest), count: 'beginning_with' });
const before = (...rest) => ({ ...after(...rest), count: 'before', looksAhead: true });
const atOnce = (start, done) => ({ ...after(0, 'days', start, done), count: 'immediately' });

const by = (due, start, done, more = {}) => ({ due, start, done, isLaw: true, ...more });
const beforeDay = (day, start, done) =>
  by((transfer) => plusDays(`${transfer.slice(0, 4)}-${day}`, -1), start, done, { looksAhead: true });

const RULES = {
  consult_reply: after(15, 'days', 'consulted_date', 'consultation_reply_date', { isLaw: false }),
  move_inform: after(6, 'weeks', 'plan_transferred_date', 'transfer_told_date'),
  phase_post16_switch: before(5, 'months', 'post16_switch_date', 'phase_plan_amended_date'),
  review_annual: beginning(12, 'months', 'plan_made_or_reviewed_date', 'review_date'),
  review_meeting_notice: before(2, 'weeks', 'review_meeting_date', 'review_notice_date'),
  review_circulate: before(2, 'weeks', 'review_meeting_date', 'review_papers_sent_date'),
  review_report: after(2, 'weeks', 'review_meeting_date', 'review_report_date'),
  review_decision: after(4, 'weeks', 'review_meeting_date', 'review_decision_date'),
  amend_comment_window: beginning(15, 'days', 'amendment_notice_date', 'amended_plan_sent_date', { isMinimum: true }),
  reassess_bar: beginning(6, 'months', 'last_assessed_date', 'reassessment_requested_date', { isMinimum: true }),
  reassess_decision: after(15, 'days', 'reassessment_requested_date', 'reassessment_decision_date'),
  reassess_final: after(14, 'weeks', 'reassessment_agreed_date', 'reassessment_plan_date'),
  mediation_contact: after(2, 'months', 'decision_sent_date', 'mediation_adviser_contacted_date', { isLaw: false }),
  mediation_cert_declined: after(3, 'working_days', 'mediation_declined_date', 'mediation_certificate_date'),
  mediation_arrange: after(30, 'days', 'mediation_asked_date', 'mediation_meeting_date'),
  mediation_date_notice: before(5, 'working_days', 'mediation_meeting_date', 'mediation_date_told_date'),
  mediation_cert_after: after(3, 'working_days', 'mediation_ended_date', 'mediation_certificate_date'),
  mediation_cert_failed: after(3, 'working_days', 'mediation_failed_told_date', 'mediation_certificate_date'),
  order_assess_notify: after(2, 'weeks', 'order_to_assess_date', 'assess_notice_date'),
  order_make_draft: after(5, 'weeks', 'order_to_make_date', 'draft_sent_date'),
  order_make_final: after(11, 'weeks', 'order_to_make_date', 'plan_issued_date'),
  order_reconsider: after(2, 'weeks', 'order_to_reconsider_date', 'order_reconsidered_date'),
  order_amend: after(5, 'weeks', 'order_to_amend_date', 'amended_plan_sent_date'),
  order_placement: after(2, 'weeks', 'order_on_placement_date', 'amended_plan_sent_date'),
  order_continue: atOnce('order_to_continue_date', 'plan_continued_date'),
  order_continue_amend: after(5, 'weeks', 'order_to_continue_and_amend_date', 'amended_plan_sent_date'),
  order_cease: atOnce('order_to_cease_date', 'plan_ceased_date'),
  phase_post16: beforeDay('03-31', 'post16_transfer_date', 'phase_plan_amended_date'),
  phase_other: beforeDay('02-15', 'phase_transfer_date', 'phase_plan_amended_date'),
  appeal_lodge: by(lastToLodge, 'decision_sent_date', 'appeal_lodged_date', { isLaw: false, shownBy: 'mediation_certificate_date' }),
  appeal_response: by((start) => plusTribunalDays(start, 30), 'appeal_sent_date', 'appeal_response_date'),
  move_transfer: by(lastToTransfer, 'move_date', 'plan_transferred_date'),
};

// Two months from the notice or one from the certificate, whichever ends later.
function lastToLodge(start, { mediation_certificate_date: certificate }) {
  const ends = [plusMonths(start, 2), ...(certificate ? [plusMonths(certificate, 1)] : [])];
  return movedOn(ends.sort().at(-1));
}

// The day of the move; or, where it was not known 15 working days ahead, 15 working days of which the first is the day it became known.
function lastToTransfer(start, { move_known_date: known }) {
  if (!known || known <= plusWorkingDays(start, -15)) return start;
  return plusWorkingDays(plusDays(known, -1), 15);
}

function onAnotherDay(question) {
  const { rule, as_at: asAt, case: facts } = question;
  const law = RULES[rule];
  const start = facts[law.start] || null;
  // A second day that is still to come is not known yet.
  const known = Object.fromEntries(Object.entries(facts).filter(([, value]) => !(value > asAt)));
  const due = start && start >= FIRST_DAY ? (law.due || ((day) => lastDay(day, law)))(start, known) : null;
  const done = seen(facts[law.done], asAt);
  const end = seen(facts.closed_date, asAt);
  const found = (law.isMinimum ? judgeMinimum : judge)({ start, due, done, end, asAt, looksAhead: law.looksAhead, startShown: Boolean(known[law.shownBy]) });
  const codes = (question.exemptions || []).map((claim) => claim.code);
  return answer(due, found, codes.some((code) => lifts(rule, code, start, due)), law.isLaw);
}

module.exports = { COVERED: new Set(Object.keys(RULES)), onAnotherDay };
