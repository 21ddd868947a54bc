"""Writes expected.json: what Jinja itself renders for templates and expressions. See README.md."""
import copy, json, pathlib, random, sys
import jinja2, jinja2.ext, jinja2.sandbox, jinja2.nodes

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILT_IN = ROOT / "src/OpenLedger.Lora/Templates/BuiltIn"


class Generation(jinja2.ext.Extension):
    """{% generation %}, as transformers has it, without the tracking."""
    tags = {"generation"}

    def parse(self, parser):
        line = next(parser.stream).lineno
        body = parser.parse_statements(["name:endgeneration"], drop_needle=True)
        return jinja2.nodes.CallBlock(self.call_method("_support"), [], [], body).set_lineno(line)

    def _support(self, caller):
        return caller()


class Refused(Exception):
    pass


def raise_exception(message):
    raise Refused(message)


def tojson(x, ensure_ascii=False, indent=None, separators=None, sort_keys=False):
    return json.dumps(x, ensure_ascii=ensure_ascii, indent=indent, separators=separators, sort_keys=sort_keys)


def parse_json(x):
    if not isinstance(x, str):
        return x
    try:
        return json.loads(x)
    except ValueError:
        return x


def environment(optimized):
    env = jinja2.sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=[Generation, jinja2.ext.loopcontrols], optimized=optimized)
    env.filters["tojson"] = tojson
    env.filters["parse_json"] = parse_json
    env.globals["raise_exception"] = raise_exception
    return env


ENV = environment(True)
PLAIN = environment(False)

MESSAGES = json.loads((pathlib.Path(__file__).parent / "conversations.json").read_text())


def run(source, variables, env=None):
    # Some filters change a list that they are given, so every run has its own.
    variables = copy.deepcopy(variables)
    try:
        return {"text": (env or ENV).from_string(source).render(**variables)}
    except Refused as e:
        return {"refused": str(e)}
    except Exception as e:
        return {"fails": type(e).__name__}


def hand_written():
    parts = (pathlib.Path(__file__).parent / "templates.txt").read_text().split("\n=====\n")
    return [p for p in parts if p]


NAMES = ["n", "big", "text", "word", "items", "pairs", "map", "nothing", "yes", "missing", "real", "empty"]
VARIABLES = {"n": 7, "big": 123456789012345678901234567890, "text": "  Héllo wörld 😀 'quoted' \"x\" \n\ttail ", "word": "abcabc",
             "items": [3, 1, 2, "b", "A"], "pairs": [{"k": "x", "v": 1}, {"k": "y", "v": None}, {"k": "X", "v": 2.5}],
             "map": {"b": 1, "a": [1, {"z": "é\"\\\n"}], "C": None}, "nothing": None, "yes": True, "real": -2.5, "empty": ""}


def expression(r, depth):
    if depth <= 0 or r.random() < 0.15:
        return r.choice(NAMES + ["1", "0", "-3", "2.0", "1e20", "0.1", "'a'", "'b-c d'", "''", "[]", "[1, 2, 3]", "(1, 'x')", "{}", "{'k': 1, 'é': 'ß'}",
                                 "true", "none", "range(4)|list", "'😀x'", "'x' 'y'"])
    e = lambda: expression(r, depth - 1)
    kind = r.randrange(13)
    if kind == 0: return f"({e()} {r.choice(['+', '-', '*', '/', '//', '%', '**', '~'])} {e()})"
    if kind == 1: return f"({e()} {r.choice(['==', '!=', '<', '<=', '>', '>=', 'in', 'not in'])} {e()})"
    if kind == 2: return f"({e()} {r.choice(['and', 'or'])} {e()})"
    if kind == 3: return f"(not {e()})"
    if kind == 4: return f"({e()} if {e()} else {e()})"
    if kind in (5, 6, 7):
        f = r.choice(["trim", "length", "tojson", "tojson(indent=2)", "join('-')", "join", "upper", "lower", "title", "capitalize", "default('d')", "d('e', true)",
                      "first", "last", "list", "items|list", "map('upper')|list", "map(attribute='k')|list", "selectattr('k')|list", "selectattr('k', 'equalto', 'x')|list",
                      "rejectattr('v', 'none')|list", "select('string')|list", "reject('number')|list", "replace('a', 'XY')", "replace('b', '', 1)", "string", "int", "float", "reverse|list",
                      "sort", "sort(reverse=true)", "unique|list", "indent", "indent(2, true)", "dictsort", "abs", "sum", "min", "max", "count", "int(9)",
                      "map('trim')|join(',')", "select|list", "tojson(sort_keys=true)", "tojson(true)"])
        return f"({e()}|{f})"
    if kind == 8:
        t = r.choice(["defined", "undefined", "none", "string", "mapping", "iterable", "sequence", "number", "boolean", "true", "false", "integer", "float", "odd", "even",
                      "equalto(1)", "eq 'a'", "in [1, 2]", "lower", "upper", "divisibleby 3", "not none", "not string", "ne(none)", "gt(1)"])
        return f"({e()} is {t})"
    if kind == 9: return f"{r.choice(NAMES)}[{e()}]"
    if kind == 10: return f"({e()})[{r.choice(['0', '-1', '::-1', '1:', ':2', '-2:', '::2', '1:-1', '5', ':0', '3:0:-1'])}]"
    if kind == 11:
        m = r.choice(["strip()", "lstrip()", "rstrip()", "split()", "split(' ')", "split('b', 1)", "rsplit('a', 1)", "startswith('a')", "endswith('c')", "upper()", "lower()", "title()",
                      "capitalize()", "replace('a', 'zz')", "items()|list", "keys()|list", "values()|list", "get('b')", "get('q', 5)", "find('c')", "count('b')", "strip(' \\n')",
                      "splitlines()", "isdigit()", "isspace()", "removeprefix('a')", "index('b')", "lstrip('abH')", "split(none, 1)", "rsplit(none, 1)", "isupper()"])
        return f"({e()}).{m}"
    return f"[{e()}, {e()}]" if r.random() < 0.5 else f"({e()}, {e()})"


def main():
    r = random.Random(20250102)
    cases = []
    for source in hand_written():
        cases.append({"template": source, **run(source, {**VARIABLES, "messages": MESSAGES["plain"]["messages"], "tools": None, "documents": None, "add_generation_prompt": True})})
    seen = set()
    while len(seen) < 1500:
        source = "{{ " + expression(r, r.randrange(1, 5)) + " }}"
        if source in seen or len(source) > 400: continue
        result = run(source, VARIABLES)
        # Folding constants makes some errors disappear, which is no rule of the language.
        if result != run("{% set q = " + source[3:-3] + " %}{{ q }}", VARIABLES, PLAIN): continue
        if "object at 0x" in result.get("text", "") or "<" in result.get("text", "") or "dict_" in result.get("text", "") or "range(" in result.get("text", "").lower(): continue
        if len(result.get("text", "")) > 400: continue
        if "fails" in result and r.random() < 0.6: continue
        seen.add(source)
        cases.append({"template": source, **result})
    conversations = []
    for path in sorted(BUILT_IN.glob("*.jinja")):
        for name, conversation in MESSAGES.items():
            for prompt in (True, False):
                variables = {"messages": conversation["messages"], "tools": conversation.get("tools"), "documents": None, "add_generation_prompt": prompt,
                             "bos_token": "<s>", "eos_token": "</s>"}
                conversations.append({"name": path.stem, "conversation": name, "prompt": prompt, **run(path.read_text(), variables)})
    out = {"variables": VARIABLES, "templates": cases, "conversations": conversations}
    lines = ["{", '"variables": ' + json.dumps(VARIABLES, ensure_ascii=False) + ",", '"templates": [']
    lines += [",\n".join(json.dumps(c, ensure_ascii=False) for c in cases), "],", '"conversations": [']
    lines += [",\n".join(json.dumps(c, ensure_ascii=False) for c in conversations), "]", "}"]
    target = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent / "expected.json")
    target.write_text("\n".join(lines) + "\n")
    print(len(cases), len(conversations), target.stat().st_size, jinja2.__version__)


main()
