#!/usr/bin/env node
'use strict';
// Reads the questions of the conformance pack from standard input, one JSON object a line, and writes the answers.
// Try it: python -m ehcptime.testing.conform --run "node conformance/node/runner.js"
const readline = require('node:readline');
const request = require('./request');
const others = require('./other_rules');

function answerTo(question) {
  if (request.COVERED.has(question.rule)) return request.onACase(question);
  if (others.COVERED.has(question.rule)) return others.onAnotherDay(question);
  return { not_covered: true };
}

readline.createInterface({ input: process.stdin }).on('line', (line) => {
  if (!line.trim()) return;
  const question = JSON.parse(line);
  process.stdout.write(`${JSON.stringify({ id: question.id, ...answerTo(question) })}\n`);
});
