"""A claim's condition as a reader sees it: `number("a.b") > 0.5` becomes `0.91 > 0.5`.

The pattern is made of the condition's syntax, with a place for each measurement in the order in
which Jinja reads them. A condition of another form has an empty pattern; then only its values are
shown.
"""

from collections.abc import Sequence

from jinja2 import nodes

PLACE = "{}"
AND = "\n"  # between the parts of a condition that must all hold
COMPARED = {"gt": ">", "lt": "<", "gteq": "≥", "lteq": "≤", "eq": "=", "ne": "≠", "in": "∈"}
COMPUTED = {nodes.Add: "+", nodes.Sub: "−", nodes.Mul: "×", nodes.Div: "/"}
SUMS = (nodes.Add, nodes.Sub)
PRODUCTS = (nodes.Mul, nodes.Div)


class _OtherFormError(Exception):
    """The condition holds something that has no place in a pattern."""


def pattern(condition: nodes.Expr) -> str:
    """Return the pattern of a condition, a line for each part that must hold, or "" for none."""
    try:
        return _written(condition)
    except _OtherFormError:
        return ""


def filled(pattern: str, read: Sequence[str]) -> tuple[str, ...]:
    """Return the lines of a pattern with the measurements that were read in its places.

    Nothing is returned where they are not as many: a part that failed ends the reading.
    """
    if not pattern or pattern.count(PLACE) != len(read):
        return ()
    pieces = pattern.split(PLACE)
    whole = pieces[0] + "".join(one + piece for one, piece in zip(read, pieces[1:], strict=True))
    return tuple(whole.split(AND))


def _written(node: nodes.Node) -> str:
    if isinstance(node, nodes.And):
        return f"{_written(node.left)}{AND}{_written(node.right)}"
    if isinstance(node, nodes.Compare):
        return " ".join([_side(node.expr), *(_operand(one) for one in node.ops)])
    if isinstance(node, nodes.Neg):
        return f"−({_written(node.node)})"
    if type(node) in COMPUTED and isinstance(node, nodes.BinExpr):
        return f"{_within(node, node.left)} {COMPUTED[type(node)]} {_within(node, node.right)}"
    if isinstance(node, nodes.Filter) and node.name == "abs" and node.node is not None:
        return f"|{_written(node.node)}|"
    return _leaf(node)


def _within(outer: nodes.BinExpr, inner: nodes.Expr) -> str:
    """Return an operand, in parentheses where it would be read otherwise without."""
    if isinstance(inner, (nodes.Compare, nodes.And)):
        raise _OtherFormError
    is_sum, is_product = (isinstance(inner, kinds) for kinds in (SUMS, PRODUCTS))
    divides = isinstance(outer, nodes.Div) and inner is outer.right
    is_apart = (is_sum and not isinstance(outer, nodes.Add)) or (is_product and divides)
    return f"({_written(inner)})" if is_apart else _written(inner)


def _operand(node: nodes.Operand) -> str:
    if node.op not in COMPARED:
        raise _OtherFormError
    return f"{COMPARED[node.op]} {_side(node.expr)}"


def _side(node: nodes.Expr) -> str:
    """Return the pattern of one side of a comparison, which must not be a comparison itself."""
    if isinstance(node, (nodes.Compare, nodes.And)):
        raise _OtherFormError
    return _written(node)


def _leaf(node: nodes.Node) -> str:
    """Return a measurement's place, a number, a word, or a list of these."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
        if node.node.name == "number":
            return PLACE
    elif isinstance(node, nodes.List):
        return "{ " + ", ".join(map(_written, node.items)) + " }"
    elif isinstance(node, nodes.Const) and isinstance(node.value, (int, float, str)):
        is_word = isinstance(node.value, str)
        return str(node.value) if is_word else str(node.value).replace("-", "−")
    raise _OtherFormError
