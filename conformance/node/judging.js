'use strict';
// One limit, judged: its status and the days over, in the order in which the pack tests them.
const { daysBetween } = require('./days');

const FIRST_DAY = '2014-09-01'; // the day on which SI 2014/1530 came into force
const UNKNOWN_DAY = 'unknown';
const LATE = new Set(['overdue', 'met_late', 'ended_late']);

const seen = (day, asAt) => (day && day <= asAt ? day : null);

// start, due, done and end are days, UNKNOWN_DAY where a thing happened on a day that nobody recorded, or null.
function judge({ start, due, done, end, asAt, looksAhead = false, startShown = false }) {
  if (!start) return [done || startShown ? 'unknown' : 'not_applicable', null];
  if (!looksAhead && start > asAt) return ['not_applicable', null];
  if (!due || done === UNKNOWN_DAY) return ['unknown', null];
  if (done) {
    if (!looksAhead && done < start) return ['unknown', null];
    return [done <= due ? 'met' : 'met_late', daysBetween(due, done)];
  }
  if (end === UNKNOWN_DAY) return ['unknown', null];
  if (end) return end <= due ? ['not_applicable', null] : ['ended_late', daysBetween(due, end)];
  return [asAt <= due ? 'running' : 'overdue', daysBetween(due, asAt)];
}

// A minimum period: an act on its last day or before is so many days too soon.
function judgeMinimum({ start, due, done, end, asAt, startShown = false }) {
  if (!start) return [done || startShown ? 'unknown' : 'not_applicable', null];
  if (start > asAt) return ['not_applicable', null];
  if (!due || done === UNKNOWN_DAY || (done && done < start)) return ['unknown', null];
  if (done) {
    const short = daysBetween(done, due) + 1;
    return short > 0 ? ['too_soon', short] : ['met', short];
  }
  if (end === UNKNOWN_DAY) return ['unknown', null];
  if (end && end <= due) return ['not_applicable', null];
  return asAt <= due ? ['running', daysBetween(due, asAt)] : ['met', daysBetween(asAt, due) + 1];
}

function answer(due, [status, daysOver], exempt, isLaw) {
  return { due, status, days_over: daysOver, exempt, breach: isLaw && LATE.has(status) && !exempt };
}

module.exports = { FIRST_DAY, UNKNOWN_DAY, seen, judge, judgeMinimum, answer };
