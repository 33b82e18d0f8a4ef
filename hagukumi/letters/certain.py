"""What a template prints whoever reads it: names outside every condition, or in all branches of one. Pure; jinja2.

Start with `printed_always`. A render with examples cannot tell: a condition may be false for the next person alone.
"""

from __future__ import annotations

from collections.abc import Iterable

from jinja2 import nodes

NONE: frozenset[str] = frozenset()


def printed_always(tree: nodes.Template) -> frozenset[str]:
    """Flat names (sender__company) that every reader sees; tree: checked and flattened, before holes are cut.

    A name that is put into a variable counts: what becomes of it there is for the render to tell.
    """
    kept = {name.name for each in tree.find_all(nodes.Assign) for name in each.node.find_all(nodes.Name)}
    return _of_all(tree.body) | frozenset(kept)


def _of_all(parts: Iterable[nodes.Node]) -> frozenset[str]:
    return NONE.union(*map(_of, parts))


def _of(node: nodes.Node) -> frozenset[str]:
    match node:
        case nodes.Output(nodes=parts):
            return _of_all(parts)
        case nodes.Name(name=name, ctx="load"):
            return frozenset({name})
        case nodes.If(test=test, body=body, elif_=others, else_=rest):
            branches = [_of_all(body), *(_of_all(other.body) for other in others), _of_all(rest)]
            # A name that is asked for and then shown is missing only where there is nothing to show.
            return branches[0].intersection(*branches[1:]) | (branches[0] & _asked(test))
        case nodes.CondExpr(test=test, expr1=one, expr2=other):
            first, second = _of(one), NONE if other is None else _of(other)
            return first & second | (first & _asked(test))
        case nodes.For(iter=nodes.List(items=items) | nodes.Tuple(items=items), test=None, body=body) if items:
            return _of_all(body)
        case nodes.With(body=body):
            return _of_all(body)
        case nodes.For() | nodes.Test() | nodes.Compare() | nodes.And() | nodes.Or() | nodes.Not():
            return NONE
        case _:
            return _of_all(node.iter_child_nodes())


def _asked(test: nodes.Node) -> frozenset[str]:
    match test:
        case nodes.Test(name="defined", node=nodes.Name(name=name)) | nodes.Name(name=name):
            return frozenset({name})
        case _:
            return NONE
