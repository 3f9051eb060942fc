'use strict';
// Days as ISO text ('2025-05-21'): they sort as they are, and no time zone can move them.

// Bank holidays in England that fall on a weekday, after the lists of gov.uk; substitutes are given as the day off.
const BANK_HOLIDAYS = new Set(
  Object.entries({
    2014: '01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26',
    2015: '01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28',
    2016: '01-01 03-25 03-28 05-02 05-30 08-29 12-26 12-27',
    2017: '01-02 04-14 04-17 05-01 05-29 08-28 12-25 12-26',
    2018: '01-01 03-30 04-02 05-07 05-28 08-27 12-25 12-26',
    2019: '01-01 04-19 04-22 05-06 05-27 08-26 12-25 12-26',
    2020: '01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-28',
    2021: '01-01 04-02 04-05 05-03 05-31 08-30 12-27 12-28',
    2022: '01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-26 12-27',
    2023: '01-02 04-07 04-10 05-01 05-08 05-29 08-28 12-25 12-26',
    2024: '01-01 03-29 04-01 05-06 05-27 08-26 12-25 12-26',
    2025: '01-01 04-18 04-21 05-05 05-26 08-25 12-25 12-26',
    2026: '01-01 04-03 04-06 05-04 05-25 08-31 12-25 12-28',
    2027: '01-01 03-26 03-29 05-03 05-31 08-30 12-27 12-28',
  }).flatMap(([year, days]) => days.split(' ').map((day) => `${year}-${day}`)),
);

const MS = 86_400_000;
const number = (day) => Date.parse(`${day}T00:00:00Z`) / MS;
const text = (count) => new Date(count * MS).toISOString().slice(0, 10);

const plusDays = (day, days) => text(number(day) + days);
const daysBetween = (from, to) => number(to) - number(from);

function isWorking(day) {
  const weekday = new Date(number(day) * MS).getUTCDay();
  return weekday !== 0 && weekday !== 6 && !BANK_HOLIDAYS.has(day);
}

function plusWorkingDays(day, count) {
  const step = Math.sign(count);
  let [last, left] = [day, Math.abs(count)];
  while (left > 0) {
    last = plusDays(last, step);
    if (isWorking(last)) left -= 1;
  }
  return last;
}

// The day of the same number, or the last day of a month that has none (Dodds v Walker).
function plusMonths(day, months) {
  const [year, month, of] = day.split('-').map(Number);
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const length = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(of, length));
  return first.toISOString().slice(0, 10);
}

const PLUS = {
  weeks: (day, count) => plusDays(day, 7 * count),
  days: plusDays,
  working_days: plusWorkingDays,
  months: plusMonths,
};

// The last day of a period: the day of the event is left out ('after'), is the first ('beginning_with'), or the period ends at it ('before').
function lastDay(start, { length, unit, count }) {
  if (count === 'immediately') return start;
  if (count === 'before') return PLUS[unit](start, -length);
  if (count === 'after') return PLUS[unit](start, length);
  if (unit === 'working_days') return plusWorkingDays(plusDays(start, -1), length);
  return plusDays(PLUS[unit](start, length), -1);
}

// SI 2008/2699 rule 12(3): August and 25 December to 1 January.
const isRecess = (day) => day.slice(5, 7) === '08' || day.slice(5) >= '12-25' || day.slice(5) === '01-01';

// Rule 12(3)(a) and 12(2): the last day for an appeal moves past a recess, then to a working day.
function movedOn(day) {
  let last = day;
  while (isRecess(last)) last = plusDays(last, 1);
  while (!isWorking(last)) last = plusDays(last, 1);
  return last;
}

// Rule 12(3)(b): for anything else the days of a recess are not counted at all.
function plusTribunalDays(day, count) {
  let [last, left] = [day, count];
  while (left > 0) {
    last = plusDays(last, 1);
    if (isWorking(last) && !isRecess(last)) left -= 1;
  }
  return last;
}

module.exports = { movedOn, plusTribunalDays, plusDays, daysBetween, plusMonths, plusWorkingDays, lastDay };
