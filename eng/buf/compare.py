# SPDX-License-Identifier: Apache-2.0
# Runs buf and peregrine over the same files and tells what they find differently. Each difference is a line: < only buf, > only peregrine.
#   compare.py lint CASES OUT                    all cases as one module; OUT/NAME.diff for each
#   compare.py breaking CASES OUT                all cases as one module before and after
#   compare.py settings CASES OUT                each case with its own settings
#   compare.py tree NAME OUT FOLDER COMMAND...   one command in a folder; OUT/NAME.diff
#   compare.py formatted BEFORE AFTER OUT        whether two folders mean the same, comments included; OUT/formatted.diff
# Environment: BUF, and PEREGRINE, a command line whose words are parted by blanks.
import collections, json, os, re, subprocess, sys, tempfile

BUF = os.environ["BUF"]
PEREGRINE = os.environ["PEREGRINE"].split()
LINT = ["STANDARD", "COMMENTS", "UNARY_RPC", "STABLE_PACKAGE_NO_IMPORT_UNSTABLE"]
BREAKING = ["FILE", "PACKAGE", "WIRE_JSON", "WIRE"]
NOT_THERE = {"PROTOVALIDATE"}  # docs/known-gaps.md


class Failure(Exception):
    pass


def read_cases(path):
    """Yields (name, [(words, text)]): the sections of each case, by the words behind ----."""
    name, sections = None, []
    for line in open(path, encoding="utf-8"):
        if line.startswith("#") and name is None:
            continue
        if line.startswith("===="):
            if name:
                yield name, finish(name, sections)
            name, sections = line[4:].strip(), []
        elif line.startswith("----"):
            sections.append([line[4:].split(), ""])
        else:
            if not sections:
                sections.append([[], ""])
            sections[-1][1] += line
    yield name, finish(name, sections)


def finish(name, sections):
    package = f" package {name}.v1;"
    heads = {"proto2": 'syntax = "proto2";' + package, "proto3": 'syntax = "proto3";' + package, "2023": 'edition = "2023";' + package}
    for section in sections:
        first, _, rest = section[1].partition("\n")
        if first in heads:
            section[1] = heads[first] + "\n" + rest
    return sections


def write(root, path, text):
    path = os.path.join(root, path)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def run(folder, arguments, codes):
    done = subprocess.run(arguments, cwd=folder, capture_output=True, text=True, timeout=300)
    if done.returncode not in codes or (done.returncode and not done.stdout):
        raise Failure(f"{' '.join(arguments)} ended with {done.returncode}:\n{done.stdout[:2000]}{done.stderr[:2000]}")
    return done.stdout


def found(folder, program, codes, arguments):
    for each in map(json.loads, run(folder, [*program, *arguments, "--error-format=json"], codes).splitlines()):
        # What has gone is told with the file that it was in; buf names none.
        path = each.get("path", "")
        path = path if os.path.exists(os.path.join(folder, path)) and each["type"] != "PACKAGE_NO_DELETE" else ""
        yield path, each["start_line"], each["start_column"], each["type"], each["message"]


def buf(folder, *arguments):
    return found(folder, [BUF], (0, 100), arguments)


def peregrine(folder, *arguments):
    return found(folder, PEREGRINE, (0, 1), arguments)


# Where the place of a default begins at its value, as protoc has it, and not at the word before it.
def place(finding):
    return (*finding[:2], 0 if finding[3] == "FIELD_SAME_DEFAULT" else finding[2], finding[3])


def differences(theirs, ours):
    theirs, ours = (collections.Counter(place(each) for each in side if each[3] not in NOT_THERE) for side in (theirs, ours))
    return ["< %s:%d:%d: %s" % each for each in sorted((theirs - ours).elements())] + \
        ["> %s:%d:%d: %s" % each for each in sorted((ours - theirs).elements())]


def without(found, wanted):
    """The differences that no case expects, and those that one expects in vain."""
    found, wanted = collections.Counter(found), collections.Counter(wanted)
    return [*sorted((found - wanted).elements()), *("not found: " + line for line in sorted((wanted - found).elements()))]


def tell(out, name, lines):
    os.makedirs(out, exist_ok=True)
    with open(os.path.join(out, name + ".diff"), "w", encoding="utf-8") as file:
        file.write("".join(line + "\n" for line in lines))


def tell_by_case(out, names, theirs, ours, listed, wanted):
    theirs, ours = list(theirs), list(ours)
    case_of = lambda finding: next((part for part in re.split(r"[/\"., ]", finding[0] or finding[4]) if part in names), "other")
    for name in [*names, "other"]:
        found = differences((each for each in theirs if case_of(each) == name), (each for each in ours if case_of(each) == name))
        tell(out, name, without(found, wanted.get(name, [])))
    missing = listed - NOT_THERE - {each[3] for each in theirs}
    tell(out, "rules", [f"no case breaks {rule}" for rule in sorted(missing)])


def rules(command):
    return {line.split()[0] for line in run("/", [BUF, "config", command, "--version", "v2"], (0,)).splitlines()[1:]}


def settings_text(section, use):
    return f"version: v2\n{section}:\n  use: [{', '.join(use)}]\n"


def write_all(cases, folder, path_of):
    """Writes all cases into one folder. Gives their names, and by name the differences that they expect."""
    names, wanted = [], {}
    for name, sections in read_cases(cases):
        names.append(name)
        for words, text in sections:
            if words == ["differs"]:
                wanted[name] = text.splitlines()
            else:
                write(folder, path_of(words, f"{name}/v1/{name}.proto"), text)
    return names, wanted


def lint(cases, out):
    with tempfile.TemporaryDirectory() as folder:
        names, wanted = write_all(cases, folder, lambda words, usual: words[0] if words else usual)
        write(folder, "buf.yaml", settings_text("lint", LINT))
        tell_by_case(out, names, buf(folder, "lint"), peregrine(folder, "lint"), rules("ls-lint-rules"), wanted)


def breaking(cases, out):
    with tempfile.TemporaryDirectory() as folder:
        names, wanted = write_all(cases, folder, lambda words, usual: words[0] + "/" + (words[1] if len(words) > 1 else usual))
        after = os.path.join(folder, "after")
        write(folder, "after/buf.yaml", settings_text("breaking", BREAKING))
        write(folder, "before/buf.yaml", "version: v2\n")
        tell_by_case(out, names, buf(after, "breaking", "--against", "../before", "--exclude-imports"), peregrine(after, "breaking", "--against", "../before"), rules("ls-breaking-rules"), wanted)


def settings(cases, out):
    """A case's first section has its commands, "in FOLDER" before one that is run there; buf.yaml and other files follow."""
    for name, sections in read_cases(cases):
        with tempfile.TemporaryDirectory() as parent:
            folder, found, wanted = os.path.join(parent, "now"), [], []
            for words, text in sections[1:]:
                if words == ["differs"]:
                    wanted = text.splitlines()
                else:
                    write(folder, words[0], text)
            for line in sections[0][1].splitlines():
                arguments, place = line.split(), folder
                if arguments[0] == "in":
                    arguments, place = arguments[2:], os.path.join(folder, arguments[1])
                theirs = [*arguments, "--exclude-imports"] if arguments[0] == "breaking" else arguments
                try:
                    found += differences(buf(place, *theirs), peregrine(place, *arguments))
                except Failure as failure:
                    found += str(failure).splitlines()
            tell(out, name, without(found, wanted))


def tree(name, out, folder, *arguments):
    theirs = [*arguments, "--exclude-imports"] if arguments[0] == "breaking" else arguments
    theirs, ours = list(buf(folder, *theirs)), list(peregrine(folder, *arguments))
    tell(out, name, differences(theirs, ours))
    print(f"{len(theirs)} findings of buf, {len(ours)} of peregrine")
    if not theirs:
        raise SystemExit("buf found nothing: the tree is no test")


def meaning(folder, out):
    """The files of a folder as buf compiles them, with the comments, but without places."""
    image = os.path.join(out, "image.json")
    run(folder, [BUF, "build", "--as-file-descriptor-set", "-o", image], (0,))
    with open(image, encoding="utf-8") as text:
        files = json.load(text)["file"]
    for file in files:
        for location in file["sourceCodeInfo"]["location"]:
            del location["span"]
    return {file["name"]: file for file in files}


def formatted(before, after, out):
    theirs, ours = meaning(before, out), meaning(after, out)
    tell(out, "formatted", [name for name in sorted({*theirs, *ours}) if theirs.get(name) != ours.get(name)])
    print(f"{len(theirs)} files")


if __name__ == "__main__":
    {"lint": lint, "breaking": breaking, "settings": settings, "tree": tree, "formatted": formatted}[sys.argv[1]](*sys.argv[2:])
