# What `import ehcptime` offers: each name is loaded when it is first used.
from .datasets.decisions import published_decisions
from .datasets.official import official_timeliness
from .datasets.simulate import simulate
from .errors import EhcptimeError
from .law.book import LAW
from .outputs.audiences import for_audience
from .outputs.audit_sheets import audit_sheet, audit_sheets
from .outputs.calendar_feed import calendar
from .outputs.case_chart import plot_case
from .outputs.case_pages.page import case_page
from .outputs.case_parts import case_parts
from .outputs.charts import plot_backlog
from .outputs.cohort_charts import plot_cohort
from .outputs.contribution_files import read_contributions
from .outputs.delay_charts import plot_delay
from .outputs.disclosure import suppress
from .outputs.figure_manifest import figure_reference, read_figure_manifest
from .outputs.flow_charts import plot_history, plot_triangle
from .outputs.frozen import freeze, thaw
from .outputs.kpi import Kpi, kpi_table
from .outputs.kpi_files import read_kpis
from .outputs.manifest import manifest
from .outputs.rate_charts import plot_timeliness
from .outputs.references import referenced, references
from .outputs.report import report
from .outputs.report_references import report_references
from .outputs.report_workbook import report_workbook
from .outputs.restatement import restatement
from .outputs.scenario_charts import plot_scenario
from .outputs.sign_off import sign_off_page, sign_off_tables, write_sign_off
from .outputs.star import star_schema
from .outputs.star_files import export
from .outputs.trace import trace
from .outputs.traced_questions import asked_of
from .outputs.workbook import workbook
from .questions.at_risk import at_risk
from .questions.audit_sample import audit_sample
from .questions.backlog import backlog
from .questions.backlog_summary import backlog_summary
from .questions.breach_probability import breach_probability
from .questions.change import explain_change
from .questions.check import check
from .questions.combining import combine_contributions
from .questions.contributions import contributions
from .questions.convention import convention_effect
from .questions.decision_rates import decision_rates
from .questions.delay import delay_caused
from .questions.demand import queue_figures
from .questions.effect import effect
from .questions.equality import equality_view
from .questions.exemption_audit import exemption_audit
from .questions.fair_queue import fair_queue
from .questions.history import backlog_history
from .questions.intervals import intervals
from .questions.last_in import last_in
from .questions.law_effect import law_effect
from .questions.letters import expected_letters
from .questions.mean_weeks import mean_weeks
from .questions.measures import MEASURES
from .questions.missing_advice import missing_advice
from .questions.missing_services import missing_by_service, plans_without_advice
from .questions.morning_list import morning_list
from .questions.official import dfe_assessments, dfe_requests, dfe_timeliness
from .questions.official_comparison import compare_with_official
from .questions.opened import case_ids, decision_case_ids, exemption_case_ids
from .questions.overdue_advice import overdue_advice
from .questions.parts import parts
from .questions.providers import provider_pack
from .questions.reconciliation import reconciliation
from .questions.recording_lag import recording_lag
from .questions.returned_advice import returned_contributions
from .questions.rounds import rejections, rounds
from .questions.scenario import scenario
from .questions.segments import segments
from .questions.sen2_rehearsal import sen2_rehearsal
from .questions.service_effect import service_effect
from .questions.stage_durations import stage_durations
from .questions.throughput import ep_throughput, unallocated_advice
from .questions.time_to_final import time_to_final, time_to_final_curve
from .questions.timeliness import timeliness
from .questions.trajectory import trajectory
from .questions.triangle import backlog_triangle
from .questions.waiting import waiting
from .questions.waterfall import waterfall
from .questions.what_changed import what_changed
from .questions.whole_caseload import WholeCaseload, whole_caseload
from .questions.whole_contributions import whole_contributions
from .questions.year_bounds import year_bounds
from .records.case import AdviceRequest, Case
from .records.events import cases_from_events, events
from .records.extract import Extract
from .records.one_case import case_of, extract_of
from .records.pseudonyms import pseudonymise
from .records.reading import read_extract
from .records.sen2.returns import read_sen2
from .records.sen2.submission import write_sen2
from .tracking.advice import track_advice
from .tracking.claims import exemption_claims
from .tracking.closures import closures_that_may_apply
from .tracking.timeline import timeline
from .tracking.track import track

__all__ = [
    "LAW",
    "MEASURES",
    "AdviceRequest",
    "Case",
    "EhcptimeError",
    "Extract",
    "Kpi",
    "WholeCaseload",
    "asked_of",
    "at_risk",
    "audit_sample",
    "audit_sheet",
    "audit_sheets",
    "backlog",
    "backlog_history",
    "backlog_summary",
    "backlog_triangle",
    "breach_probability",
    "calendar",
    "case_ids",
    "case_of",
    "case_page",
    "case_parts",
    "cases_from_events",
    "check",
    "closures_that_may_apply",
    "combine_contributions",
    "compare_with_official",
    "contributions",
    "convention_effect",
    "decision_case_ids",
    "decision_rates",
    "delay_caused",
    "dfe_assessments",
    "dfe_requests",
    "dfe_timeliness",
    "effect",
    "ep_throughput",
    "equality_view",
    "events",
    "exemption_audit",
    "exemption_case_ids",
    "exemption_claims",
    "expected_letters",
    "explain_change",
    "export",
    "extract_of",
    "fair_queue",
    "figure_reference",
    "for_audience",
    "freeze",
    "intervals",
    "kpi_table",
    "last_in",
    "law_effect",
    "manifest",
    "mean_weeks",
    "missing_advice",
    "missing_by_service",
    "morning_list",
    "official_timeliness",
    "overdue_advice",
    "parts",
    "plans_without_advice",
    "plot_backlog",
    "plot_case",
    "plot_cohort",
    "plot_delay",
    "plot_history",
    "plot_scenario",
    "plot_timeliness",
    "plot_triangle",
    "provider_pack",
    "pseudonymise",
    "published_decisions",
    "queue_figures",
    "read_contributions",
    "read_extract",
    "read_figure_manifest",
    "read_kpis",
    "read_sen2",
    "reconciliation",
    "recording_lag",
    "referenced",
    "references",
    "rejections",
    "report",
    "report_references",
    "report_workbook",
    "restatement",
    "returned_contributions",
    "rounds",
    "scenario",
    "segments",
    "sen2_rehearsal",
    "service_effect",
    "sign_off_page",
    "sign_off_tables",
    "simulate",
    "stage_durations",
    "star_schema",
    "suppress",
    "thaw",
    "time_to_final",
    "time_to_final_curve",
    "timeline",
    "timeliness",
    "trace",
    "track",
    "track_advice",
    "trajectory",
    "unallocated_advice",
    "waiting",
    "waterfall",
    "what_changed",
    "whole_caseload",
    "whole_contributions",
    "workbook",
    "write_sen2",
    "write_sign_off",
    "year_bounds",
]
