"""Tasks from a plain list: which column says what, and what its rows mean. Plain Python, no ORM.

>>> rows = [(1, ["No.", "Task", "Days", "Phase"]), (2, ["1", "Survey", "2,5", "Design"])]
>>> has_header, targets = guess_columns(rows)
>>> has_header, targets
(True, ['number', 'name', 'duration', 'phase'])
>>> tasks, problems = read_tasks(rows, targets, has_header)
>>> tasks[0].name, tasks[0].duration, tasks[0].phase, problems
('Survey', 2.5, 'Design', [])

Without a header, the first texts are names and the first numbers are days:

>>> guess_columns([(1, ["Survey", "2"]), (2, ["Model", "3"])])
(False, ['name', 'duration'])

>>> tasks, problems = read_tasks([(1, ["Survey", "soon"])], ["name", "duration"], False)
>>> problems
[('not_number', 1, 2, {'value': 'soon'})]
"""

from dataclasses import dataclass, field

from .estimate_workbook import parse_decimal, read_after
from .estimate_workbook_values import DAYS_MOST, WORK_MOST
from .plan_values import LONGEST_NAME

TARGETS = ("name", "duration", "days", "phase", "role", "number", "after", "description")
# How people call these columns, in English and in French.
WORDS = {
    "name": {"name", "task", "tasks", "title", "activity", "work", "tâche", "tâches", "nom",
             "activité", "libellé", "intitulé", "prestation", "désignation"},
    "duration": {"duration", "days", "day", "length", "durée", "jours", "jour", "duration (days)",
                 "durée (jours)", "nb jours", "nombre de jours"},
    "days": {"workload", "effort", "man-days", "person-days", "charge", "charge (jours)",
             "workload (days)", "jh", "j/h", "jours-homme", "jours homme"},
    "phase": {"phase", "lot", "group", "stage", "step", "étape", "groupe", "chapitre", "parent"},
    "role": {"role", "profile", "resource", "who", "rôle", "profil", "ressource", "qui"},
    "number": {"no", "no.", "n°", "number", "id", "#", "numéro", "num", "ref", "réf"},
    "after": {"after", "predecessor", "predecessors", "depends on", "dependency", "après",
              "prédécesseur", "prédécesseurs", "dépend de", "dépendance"},
    "description": {"description", "details", "comment", "notes", "détail", "détails",
                    "commentaire", "remarque"},
}  # fmt: skip
LONGEST_HEADER = 40
LONGEST_TEXT = 20000


@dataclass
class ListedTask:
    """A task of a list.

    :param int row: number of its row in the list
    :param float duration: working days
    :param days: days of work, or None when the list says nothing of them
    :param list after: lag by place in the list of the tasks it waits for
    """

    row: int
    name: str
    duration: float = 0.0
    days: float | None = None
    phase: str = ""
    role: str = ""
    description: str = ""
    after: dict = field(default_factory=dict)


# === COLUMNS === #


def guess_columns(rows):
    """Return whether the first row names the columns, and what each column seems to say.

    :param list rows: see ``task_list_table``
    :return: pair of a bool and a list with a target or None for each column
    :rtype: tuple
    """
    if not rows:
        return False, []
    first = [text.casefold().strip(" :*") for text in rows[0][1]]
    targets = []
    for text in first:
        target = next((key for key in TARGETS if text in WORDS[key]), None)
        targets.append(target if target not in targets else None)
    if any(targets):
        if "name" not in targets:
            _guess_name(rows[1:], targets)
        return True, targets
    targets = [None] * len(first)
    # A first row without any number above rows with some is a header in other words.
    body = rows[1:]
    has_header = (
        bool(body) and not _has_number(rows[0][1]) and any(_has_number(r) for _n, r in body)
    )
    _guess_name(body if has_header else rows, targets)
    for column in range(len(targets)):
        values = [row[column] for _number, row in (body if has_header else rows) if row[column]]
        numbers = [value for value in values if parse_decimal(value) is not None]
        if targets[column] is None and values and len(numbers) == len(values):
            targets[column] = "duration"
            break
    return has_header, targets


def _has_number(row):
    return any(parse_decimal(text) is not None for text in row if text)


def _guess_name(rows, targets):
    """Take the first free column with texts for the names."""
    for column, target in enumerate(targets):
        values = [row[column] for _number, row in rows if row[column]]
        if target is None and any(parse_decimal(value) is None for value in values):
            targets[column] = "name"
            return


# === ROWS === #


def read_tasks(rows, targets, has_header):
    """Return the tasks of a list, and what is wrong with it.

    :param list rows: see ``task_list_table``
    :param list targets: of ``TARGETS``, or None, for each column
    :param bool has_header: whether the first row names the columns
    :return: list of ``ListedTask``, and problems as code, row, column (from 1, or 0) and values
    :rtype: tuple
    """
    problems = []
    columns = {}
    for column, target in enumerate(targets):
        if target in columns:
            problems.append(("same_target", 0, column + 1, {}))
        elif target:
            columns[target] = column
    if "name" not in columns:
        return [], [*problems, ("no_name_column", 0, 0, {})]
    reader = _RowReader(columns, problems)
    body = rows[1:] if has_header else rows
    tasks = [task for number, row in body if (task := reader.read_row(number, row))]
    reader.link(tasks)
    if not tasks and not problems:
        problems.append(("empty", 0, 0, {}))
    return tasks, problems


class _RowReader:
    def __init__(self, columns, problems):
        self.columns, self.problems = columns, problems
        self.links, self.numbers = [], {}

    def _get(self, row, target):
        column = self.columns.get(target)
        return "" if column is None else row[column]

    def _add(self, code, number, target, **values):
        self.problems.append((code, number, self.columns[target] + 1, values))

    def read_row(self, number, row):
        """Return the task of a row; None for a row without a name and without days."""
        name = " ".join(self._get(row, "name").split())
        if not name:
            if self._get(row, "duration") or self._get(row, "days"):
                self._add("no_name", number, "name")
            return None
        if len(name) > LONGEST_NAME:
            self._add("long_text", number, "name", length=len(name), most=LONGEST_NAME)
        description = self._get(row, "description")
        if len(description) > LONGEST_TEXT:
            most = LONGEST_TEXT
            self._add("long_text", number, "description", length=len(description), most=most)
        duration = self._read_days(number, row, "duration", DAYS_MOST)
        days = self._read_days(number, row, "days", WORK_MOST)
        task = ListedTask(
            row=number,
            name=name,
            # Without a length, a task takes one person's time.
            duration=min(days or 0, DAYS_MOST) if duration is None else duration,
            days=days,
            phase=" ".join(self._get(row, "phase").split())[:LONGEST_NAME],
            role=self._get(row, "role"),
            description=description,
        )
        self.links.append((task, self._get(row, "after")))
        key = self._get(row, "number") or str(len(self.links))
        if key in self.numbers:
            self._add("same_number", number, "number", value=key, first=self.numbers[key].row)
        self.numbers[key] = task
        return task

    def _read_days(self, number, row, target, most):
        text = self._get(row, target)
        if not text:
            return None
        value = parse_decimal(text)
        if value is None:
            self._add("not_number", number, target, value=text[:LONGEST_HEADER])
        elif value < 0:
            self._add("negative", number, target, value=text)
        elif value > most:
            self._add("too_big", number, target, value=text, most=most)
        else:
            return round(value, 2)
        return None

    def link(self, tasks):
        """Find what each task waits for: by number in the list, or by name."""
        places = {id(task): place for place, task in enumerate(tasks)}
        names = {task.name.casefold(): task for task in tasks}
        for task, text in self.links:
            for other, lag in self._find_others(task, text, names):
                task.after[places[id(other)]] = lag

    def _find_others(self, task, text, names):
        after = {str(number): lag for number, lag in (read_after(text) or {}).items()}
        if not after and text:
            # Not numbers with lags: names, or numbers such as 3.2.
            after = dict.fromkeys((part.strip() for part in text.split(";") if part.strip()), 0)
        for key, lag in after.items():
            other = self.numbers.get(key) or names.get(key.casefold())
            if other is None:
                self._add("unknown_task", task.row, "after", value=key[:LONGEST_HEADER])
            else:
                yield other, lag
