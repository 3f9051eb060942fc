# What `import ehcptime` offers: each name is loaded when it is first used.
from .datasets.decisions import published_decisions
from .datasets.official import official_timeliness
from .datasets.simulate import simulate
from .errors import EhcptimeError
from .law.book import LAW
from .outputs.charts import plot_backlog
from .questions.at_risk import at_risk
from .questions.backlog import backlog
from .questions.change import explain_change
from .questions.check import check
from .questions.contributions import contributions
from .questions.measures import MEASURES
from .questions.parts import parts
from .questions.timeliness import timeliness
from .records.case import AdviceRequest, Case
from .records.extract import Extract
from .records.sen2.returns import read_sen2
from .records.sen2.submission import write_sen2
from .tracking.advice import track_advice
from .tracking.timeline import timeline
from .tracking.track import track

__all__ = [
    "LAW",
    "MEASURES",
    "AdviceRequest",
    "Case",
    "EhcptimeError",
    "Extract",
    "at_risk",
    "backlog",
    "check",
    "contributions",
    "explain_change",
    "official_timeliness",
    "parts",
    "plot_backlog",
    "published_decisions",
    "read_sen2",
    "simulate",
    "timeline",
    "timeliness",
    "track",
    "track_advice",
    "write_sen2",
]
