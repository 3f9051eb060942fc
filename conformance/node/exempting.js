'use strict';
// Which reasons may lift which limit, and when: a reason never moves a day.
const FOUR = ['SCHOOL_CLOSED', 'EY_CLOSED', 'EXC_PERSONAL', 'ABSENT_4W'];
const AFTER_AN_ORDER = ['EXC_PERSONAL', 'ABSENT_2W', 'AS_13_3'];
const LIFTED_BY = {
  request_decision: FOUR,
  plan_refusal: FOUR,
  plan_final: FOUR,
  reassess_final: FOUR,
  advice_body: ['EXC_CIRC_BODY', 'ABSENT_4W_BODY', 'MISSED_APPT'],
};
const NO_CORONAVIRUS = new Set([
  'issue_decision', 'draft_comment', 'advice_other', 'consult_reply', 'amend_comment_window', 'reassess_bar',
  'review_meeting_notice', 'review_circulate', 'phase_post16_switch', 'mediation_date_notice',
  'order_continue', 'order_cease', 'phase_post16', 'phase_other', 'appeal_lodge', 'appeal_response',
]);
const [FROM, TO] = ['2020-05-01', '2020-09-25'];

const isAfterAnOrder = (rule) =>
  rule.endsWith('_after_reversal') || (rule.startsWith('order_') && !NO_CORONAVIRUS.has(rule));

// True where a reason may lift the limit of a rule that runs from start to due.
function lifts(rule, code, start, due) {
  if (!start || !due) return false;
  if (code === 'COVID') return !NO_CORONAVIRUS.has(rule) && start <= TO && due >= FROM;
  return (LIFTED_BY[rule] || (isAfterAnOrder(rule) ? AFTER_AN_ORDER : [])).includes(code);
}

module.exports = { lifts };
