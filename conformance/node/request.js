'use strict';
// The five limits on a request, what follows a reversal, and the askings for advice.
const { plusDays } = require('./days');
const { FIRST_DAY, UNKNOWN_DAY, seen, judge, judgeMinimum, answer } = require('./judging');
const { lifts } = require('./exempting');
const { read, first } = require('./case');

const weeks = (day, count) => (day && day >= FIRST_DAY ? plusDays(day, 7 * count) : null);

function fromReceipt(now, question, count) {
  const due = weeks(now.start, count);
  return due && question.convention === 'receipt_is_day_one' ? plusDays(due, -1) : due;
}

// Start and last day of a limit that a reversal may have replaced.
function afterReversal(now, question, count, key) {
  const due = fromReceipt(now, question, count);
  const { clock, reversedOn } = now;
  if (!clock || clock.original || (key === 'noPlan' && now.issueReversed)) return { start: now.start, due };
  if (clock.unknown) return { start: now.start, due: null };
  const other = weeks(reversedOn, clock[key]);
  if (!clock.practice) return { start: reversedOn, due: other, isReplaced: true };
  return { start: now.start, due: first(due, other), other: [due, other].sort()[1] };
}

function limit(now, done, { start, due }, extra = {}) {
  const isUnknown = !start && !extra.noProof;
  return judge({ start, due, done, end: now.otherEnd, asAt: now.asAt, startShown: isUnknown, ...extra });
}

const notReceived = (now) => now.start && now.start > now.asAt;

const RULES = {
  request_decision(now, question) {
    const due = fromReceipt(now, question, 6);
    if (now.request.code === 'H') return { due, found: ['not_applicable', null] };
    const shown =
      ['Y', 'N'].includes(now.request.code) || ['Y', 'N', 'H', 'A'].includes(now.assessment.code) ||
      now.decided || now.draft || now.final;
    const done = now.request.on || (shown ? UNKNOWN_DAY : null);
    return { due, start: now.start, found: limit(now, done, { start: now.start, due }) };
  },

  plan_refusal(now, question) {
    const { start, due, isReplaced } = afterReversal(now, question, 16, 'noPlan');
    const own = now.clock?.practice ? { start: now.start, due: fromReceipt(now, question, 16) } : { start, due };
    if (now.assessment.code !== 'N') return { ...own, isReplaced, found: ['not_applicable', null] };
    return { ...own, isReplaced, found: limit(now, now.assessment.on || UNKNOWN_DAY, own) };
  },

  issue_decision(now, question) {
    const { start, due, isReplaced } = afterReversal(now, question, 16, 'noPlan');
    if (now.refusalToAssessStands || now.assessment.code === 'H') return { due, found: ['not_applicable', null] };
    const refused = now.assessment.code === 'N' || now.assessment.code === '' ? now.assessment.on : null;
    const proof = first(now.draft, now.final);
    const shown = proof || ['Y', 'N'].includes(now.assessment.code);
    const done = now.decided || refused || (proof && due && proof <= due ? proof : shown ? UNKNOWN_DAY : null);
    return { due, start, isReplaced, found: limit(now, done, { start, due }) };
  },

  plan_final(now, question) {
    const agreed = question.case.plan_final_override_date;
    const found = afterReversal(now, question, 20, 'plan');
    const { start, other, isReplaced } = found;
    const due = agreed || found.due;
    const stands = now.refusalToAssessStands || now.refusalToIssueStands || now.assessment.code === 'H';
    const judged = stands ? ['not_applicable', null] : limit(now, now.final, { start, due });
    return { due, start, isReplaced: isReplaced && !agreed, other: agreed ? null : other, found: judged };
  },

  draft_comment(now) {
    const start = now.draft;
    const due = start && start >= FIRST_DAY ? plusDays(start, 14) : null;
    if (now.assessment.code === 'H' || !(start || now.final)) return { due, found: ['not_applicable', null] };
    const found = judgeMinimum({ start, due, done: now.final, end: now.otherEnd, asAt: now.asAt });
    return { due, start, found };
  },

  notify_after_reversal: (now) => following(now, 2, () => now.told || (laterStep(now) ? UNKNOWN_DAY : null)),
  no_plan_after_reversal: (now) =>
    following(now, 10, () => now.assessment.on || UNKNOWN_DAY, now.assessment.code !== 'N'),
  plan_after_reversal: (now) =>
    following(now, now.issueReversed ? 11 : 14, () => now.final, now.refusalToIssueStands),
};

const laterStep = (now) => now.draft || now.final || now.decided || now.assessment.code === 'N';

function following(now, count, done, isOff = false) {
  const start = now.reversedOn === UNKNOWN_DAY ? null : now.reversedOn;
  const due = weeks(start, count);
  if (isOff || !start) return { due, found: ['not_applicable', null] };
  return { due, start, found: limit(now, done(), { start, due }), isPractice: now.clock.practice };
}

function onRequest(question) {
  const { rule, as_at: asAt } = question;
  const now = read(question.case, asAt);
  const made = RULES[rule](now, question);
  const found = notReceived(now) ? ['not_applicable', null] : made.found;
  const words = made.isReplaced ? 'plan_after_reversal' : rule;
  const codes = (question.exemptions || []).filter((claim) => claim.rule === rule).map((claim) => claim.code);
  const byFlag = ['plan_final', 'plan_after_reversal'].includes(rule) && Boolean(question.case.week20);
  const exempt = byFlag || codes.some((code) => lifts(words, code, made.start, made.due));
  const isLaw = rule !== 'issue_decision' && !made.isPractice;
  const said = answer(made.due || null, found, exempt, isLaw);
  return made.other ? { ...said, other_due: made.other } : said;
}

// A body that the law binds has six weeks from receiving the asking; anyone else, by guidance, six from being asked.
function onAdvice(question) {
  const asAt = question.as_at;
  const asked = question.advice;
  const isBound = asked.bound_by_reg_8 ?? asked.advice_type === 'health';
  const returned = seen(asked.returned_date, asAt);
  const said = asked.returned_date && !returned ? null : asked.advice_outcome;
  if (asked.advice_type === 'parent' || ['existing_sufficient', 'withdrawn'].includes(said)) {
    return answer(null, ['not_applicable', null], false, false);
  }
  const start = (isBound && seen(asked.body_received_date, asAt)) || asked.requested_date || null;
  const due = weeks(start, 6);
  const done = returned || (['provided', 'not_known', 'rejected'].includes(said) ? UNKNOWN_DAY : null);
  const { end } = read(question.case, asAt);
  const mine = end && end !== UNKNOWN_DAY && (asked.requested_date || start) > end ? null : end;
  const found = judge({ start, due, done, end: mine, asAt, startShown: true });
  const exempt = isBound && lifts('advice_body', asked.exemption, start, due);
  return answer(due, found, exempt, isBound);
}

const COVERED = new Set([...Object.keys(RULES), 'advice_body', 'advice_other']);

function onACase(question) {
  return question.advice ? onAdvice(question) : onRequest(question);
}

module.exports = { COVERED, onACase };
