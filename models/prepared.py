"""Statements of every turn: compiled once for each database, then given straight to its driver.

SQLAlchemy builds the statement and knows its types. What it works out anew at every execution (a cache key, a context,
the result's metadata) costs more than what most of these statements do; decision 0011 has the figures.
"""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Boolean, ColumnElement, Connection, Dialect, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler

from models.base import Json

Convert = Callable[[Any], Any]


class Prepared:
    """A statement, or one for each database by its dialect's name.

    It takes no lists (`among` does), no default that is computed, and reports errors as the driver raises them.
    """

    def __init__(self, statement: Any) -> None:
        self._statement = statement
        self._compiled: dict[str, list[_Compiled]] = {}

    def rows(self, connection: Connection, params: Mapping[str, Any]) -> list[Any]:
        """What it selects or returns, as named tuples."""
        compiled, cursor = self._executed(connection, params)
        return [compiled.row(row) for row in cursor.fetchall()]

    def first(self, connection: Connection, params: Mapping[str, Any]) -> Any:
        """The first row, None where there is none."""
        found = self.rows(connection, params)
        return found[0] if found else None

    def run(self, connection: Connection, params: Mapping[str, Any]) -> int:
        """How many rows it wrote."""
        return int(self._executed(connection, params)[1].rowcount)

    def many(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it for each of the rows; what it returns is lost."""
        for first in rows[:1]:
            compiled, cursor = self._ready(connection, first)
            cursor.executemany(compiled.text, [compiled.bound(params) for params in rows])

    def _executed(self, connection: Connection, params: Mapping[str, Any]) -> tuple[_Compiled, Any]:
        compiled, cursor = self._ready(connection, params)
        cursor.execute(compiled.text, compiled.bound(params))
        return compiled, cursor

    def _ready(self, connection: Connection, params: Mapping[str, Any]) -> tuple[_Compiled, Any]:
        """The statement for this connection's database, and a cursor; who listens to what is executed hears of it."""
        dialect, names = connection.dialect, params.keys()
        known = self._compiled.setdefault(dialect.name, [])
        compiled = next((one for one in known if one.names == names), None)
        if compiled is None:
            statement = self._statement[dialect.name] if isinstance(self._statement, Mapping) else self._statement
            known.append(compiled := _Compiled(statement, dialect, params))
        if connection._has_events or connection.engine._has_events:
            for hears in connection.dispatch.before_cursor_execute:
                hears(connection, None, compiled.text, compiled.bound(params), None, False)
        driver: Any = connection.connection.dbapi_connection
        return compiled, driver.cursor()


class _Compiled:
    """`text` for parameters of these `names`, and what turns them and the rows into what the driver and we want."""

    def __init__(self, statement: Any, dialect: Dialect, params: Mapping[str, Any]) -> None:
        compiled: Any = statement.compile(dialect=dialect, column_keys=list(params))
        defaults = {column.key: column.default.arg for column in compiled.insert_prefetch or ()}
        # Lists that stand in the statement itself ("state IN ('reported', 'verified')") are written out here, once.
        whole = compiled.construct_expanded_state({**defaults, **params})
        self.text, self.names = whole.statement, dict.fromkeys(params).keys()
        self._names = list(whole.parameters) if whole.positiontup is None else list(whole.positiontup)
        self._by_name = whole.positiontup is None
        converts = {**compiled._bind_processors, **whole.processors}
        self._fixed = [whole.parameters[name] for name in self._names]
        self._given: list[tuple[int, str, Convert | None]] = []
        for index, name in enumerate(self._names):
            convert = converts.get(name)
            if name in params:
                self._given.append((index, name, convert))
            elif convert:
                self._fixed[index] = convert(self._fixed[index])
        columns = compiled._result_columns
        types = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        self._converts = [(index, convert) for index, convert in enumerate(types) if convert]
        self._row: Any = namedtuple("Row", [column.keyname for column in columns], rename=True)  # type: ignore[misc]

    def bound(self, params: Mapping[str, Any]) -> Any:
        """The parameters as the driver takes them."""
        values = self._fixed.copy()
        for index, name, convert in self._given:
            values[index] = convert(params[name]) if convert else params[name]
        return dict(zip(self._names, values, strict=True)) if self._by_name else values

    def row(self, raw: Any) -> Any:
        """A row of the driver as a named tuple of our types."""
        if not self._converts:
            return self._row._make(raw)
        values = list(raw)
        for index, convert in self._converts:
            values[index] = convert(values[index])
        return self._row._make(values)


class among(ColumnElement[bool]):  # noqa: N801 – reads like a function of SQL
    """Whether a column is one of a list that is given as one parameter, whatever its length."""

    inherit_cache = False
    type = Boolean()

    def __init__(self, column: Any, name: str, of: Any = BigInteger) -> None:
        self.column = column
        self.listed = {"sqlite": bindparam(name, type_=Json), "postgresql": bindparam(name, type_=ARRAY(of))}

    def self_group(self, against: Any = None) -> among:
        """As it is: "(… IN …) = 1", which SQLAlchemy would make of it for SQLite, is answered by reading all rows."""
        return self


@compiles(among, "sqlite")
def _on_sqlite(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, listed = (compiler.process(part, **options) for part in (element.column, element.listed["sqlite"]))
    return f"({column} IN (SELECT value FROM json_each({listed})))"  # noqa: S608 – both parts are the compiler's


@compiles(among, "postgresql")
def _on_postgresql(element: among, compiler: SQLCompiler, **options: Any) -> str:
    column, listed = (compiler.process(part, **options) for part in (element.column, element.listed["postgresql"]))
    return f"{column} = ANY({listed})"
