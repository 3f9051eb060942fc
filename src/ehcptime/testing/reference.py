"""ehcptime as a system that answers the conformance pack: `python -m ehcptime.testing.reference`, for whoever writes a runner of their own."""

import json
import sys
from typing import TextIO

from ehcptime.testing.answering import answer


def answer_lines(questions: TextIO, answers: TextIO) -> None:
    """Answer each question of a stream, one JSON object a line."""
    for line in questions:
        asked = json.loads(line)
        answers.write(f"{json.dumps({'id': asked['id'], **answer(asked)})}\n")


if __name__ == "__main__":
    answer_lines(sys.stdin, sys.stdout)
