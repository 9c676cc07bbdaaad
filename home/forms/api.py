"""The front door of this room: import from here, never from the modules behind it."""

from .archives import Pipe, pack
from .asked import Asked, Questions, asked_of, asked_raw
from .blocks import (
    HiddenBlock,
    QuestionsField,
    definition_of,
    question_block,
    question_data,
    question_raw,
    schema_of,
    stable,
    stream_of,
)
from .calculations import calculable, calculate, check_calculation
from .condition_blocks import ConditionBlock, PickBlock, PickInput, editor_media
from .conditions import ConditionError, Finding, check_condition, condition_names, evaluate_condition, untaken
from .display import Row, display
from .drafts import data_of, discard_draft, draft_of, save_draft
from .exchange import form_from_yaml, form_to_yaml
from .expiry import csrf_failure, keep_on_expiry, posted
from .export import harmless, xlsx_file
from .files import FileLink, discard, drop_files, hold_files, purge_drafts, store_made, store_upload
from .filling import Filling, fill_in, state_response
from .form import AnswerForm, build_form, owner_token
from .gates import FileGate, file_gates
from .handlers import (
    Handling,
    HandlingField,
    SubmissionHandler,
    handling_of,
    submission_handlers,
)
from .kinds.amounts import grouped
from .kinds.base import (
    DAY,
    FILES,
    MANY,
    NOTHING,
    NUMBER,
    TEXT,
    TRUTH,
    FieldKind,
    FormContext,
    Grid,
    Link,
    Sampling,
    Shape,
    WrongTypeError,
    field_kinds,
    kind_of,
)
from .letters import write as write_letter
from .limits import AnsweredError, FullError, Limits, RefusedSubmissionError
from .lint import is_doubt, lint_form
from .logic import missing_answers, work_out
from .models import AnswerSet, Schema, StoredFile, Submission
from .picking import OPERATORS
from .picking import Row as ConditionRow
from .picking import read as read_condition
from .picking import write as write_condition
from .placeholders import PLACEHOLDERS, fill, fill_html, known_in
from .prefill import first_answer
from .problems import Problem, SchemaError, Strict, fault, problems_of
from .revising import ChangedMeanwhileError, revise
from .schema import AnyField, Field, FormSchema, Section, check_schema
from .submission_handlers import unknown_words, values_for
from .submissions import HOLDER as SUBMISSION_HOLDER
from .submissions import file_ids, find_submission, freeze, submit
from .text import Label, Text, clean_text, localized
from .unique import TakenError, take_answers

__all__ = [
    "DAY",
    "FILES",
    "MANY",
    "NOTHING",
    "NUMBER",
    "OPERATORS",
    "PLACEHOLDERS",
    "SUBMISSION_HOLDER",
    "TEXT",
    "TRUTH",
    "AnswerForm",
    "AnswerSet",
    "AnsweredError",
    "AnyField",
    "Asked",
    "ChangedMeanwhileError",
    "ConditionBlock",
    "ConditionError",
    "ConditionRow",
    "Field",
    "FieldKind",
    "FileGate",
    "FileLink",
    "Filling",
    "Finding",
    "FormContext",
    "FormSchema",
    "FullError",
    "Grid",
    "Handling",
    "HandlingField",
    "HiddenBlock",
    "Label",
    "Limits",
    "Link",
    "PickBlock",
    "PickInput",
    "Pipe",
    "Problem",
    "Questions",
    "QuestionsField",
    "RefusedSubmissionError",
    "Row",
    "Sampling",
    "Schema",
    "SchemaError",
    "Section",
    "Shape",
    "StoredFile",
    "Strict",
    "Submission",
    "SubmissionHandler",
    "TakenError",
    "Text",
    "WrongTypeError",
    "asked_of",
    "asked_raw",
    "build_form",
    "calculable",
    "calculate",
    "check_calculation",
    "check_condition",
    "check_schema",
    "clean_text",
    "condition_names",
    "csrf_failure",
    "data_of",
    "definition_of",
    "discard",
    "discard_draft",
    "display",
    "draft_of",
    "drop_files",
    "editor_media",
    "evaluate_condition",
    "fault",
    "field_kinds",
    "file_gates",
    "file_ids",
    "fill",
    "fill_html",
    "fill_in",
    "find_submission",
    "first_answer",
    "form_from_yaml",
    "form_to_yaml",
    "freeze",
    "grouped",
    "handling_of",
    "harmless",
    "hold_files",
    "is_doubt",
    "keep_on_expiry",
    "kind_of",
    "known_in",
    "lint_form",
    "localized",
    "missing_answers",
    "owner_token",
    "pack",
    "posted",
    "problems_of",
    "purge_drafts",
    "question_block",
    "question_data",
    "question_raw",
    "read_condition",
    "revise",
    "save_draft",
    "schema_of",
    "stable",
    "state_response",
    "store_made",
    "store_upload",
    "stream_of",
    "submission_handlers",
    "submit",
    "take_answers",
    "unknown_words",
    "untaken",
    "values_for",
    "work_out",
    "write_condition",
    "write_letter",
    "xlsx_file",
]
