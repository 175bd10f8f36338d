"""Audits more logs than one machine should read, on Apache Spark. `docs/scale.md` says how and why.

    spark-submit docs/audit_on_spark.py --binary /usr/local/bin/session-lifecycle PATH...

Every machine must see the paths and the binary under the same names. Prints what `session-lifecycle audit --format json
PATH...` prints, and ends with its exit code.
"""

import argparse
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import zlib

HEADER = re.compile(r"\[[^\]]*\][ \t\r\f]*([A-Z]+):")
SPACE = " \t\r\f\n"


def refuse(constant):
    raise ValueError(f"{constant} is no JSON")


def thread_of(line):
    """The thread of a line, and whether the line may be anybody's: it should name a thread, and none can be read."""
    text = line.lstrip("\ufeff").strip(SPACE)
    header = HEADER.match(text)
    label = header.group(1) if header else None
    if not text or label not in (None, "CANON", "ORCH"):
        return None, False
    try:
        record = json.loads(text[header.end():] if header else text, parse_constant=refuse)
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, dict):
        return None, True
    if label == "ORCH" or record.get("aggregateKind") is not None or record.get("aggregateId") is not None:
        payload = record.get("payload")
        thread = payload.get("threadId") if isinstance(payload, dict) else None
        thread = record.get("aggregateId") if thread is None else thread
        return (thread if isinstance(thread, str) else None), False
    thread = record.get("threadId")
    return (thread, False) if isinstance(thread, str) and thread else (None, True)


def records_of(file, line, text, parts):
    """The line as records: `((set, order, line), part)` and what the binary reads. Its thread decides the part."""
    place = (file["set"], file["order"], line)
    record = {**file, "line": line, "text": text}
    thread, is_anybodys = thread_of(text)
    home = zlib.crc32(thread.encode("utf-8", "surrogatepass")) % parts if thread is not None else line % parts
    yield (place, home), json.dumps(record)
    for part in range(parts) if is_anybodys else ():
        if part != home:
            yield (place, part), json.dumps({**record, "copy": True})


def rows_of(rows, parts):
    """Rows of databases as records: they go where the lines of their threads go, and come before all of them."""
    for row in rows:
        thread = json.loads(row)["threadId"]
        yield ((-1, 0, 0), zlib.crc32(thread.encode("utf-8", "surrogatepass")) % parts), row.rstrip("\n")


def lines_of(context, file, parts, split):
    """The lines of one file, with their numbers: the reader's splits are in the order of the file, and so is the index."""
    conf = {"textinputformat.record.delimiter": "\n"}
    if split:
        conf["mapreduce.input.fileinputformat.split.maxsize"] = str(split)
    lines = context.newAPIHadoopFile(
        pathlib.Path(file["file"]).absolute().as_uri(),
        "org.apache.hadoop.mapreduce.lib.input.TextInputFormat",
        "org.apache.hadoop.io.LongWritable",
        "org.apache.hadoop.io.Text",
        conf=conf,
    )
    return lines.values().zipWithIndex().flatMap(lambda line: records_of(file, line[1] + 1, line[0], parts))


def audit(context, binary, paths, parts, split=None, options=()):
    """The answer, as JSON, and the exit code."""
    with tempfile.TemporaryDirectory() as folder:
        return audit_in(folder, context, binary, paths, parts, split, options)


def audit_in(folder, context, binary, paths, parts, split, options):
    listed = subprocess.run([binary, "audit", "--files", *paths], stdout=subprocess.PIPE)
    if listed.returncode:
        return "", listed.returncode
    files = [json.loads(line) for line in listed.stdout.splitlines()]
    # Each part is told of each file: lines may be missing before it. It counts once, be it an empty one.
    told = [
        (((file["set"], file["order"], 0), part), json.dumps({**file, "line": 0, "copy": part > 0}))
        for file in files
        for part in range(parts)
    ]
    # Databases are audited here, whole, and the rows that logs are held against are taken along.
    rows = pathlib.Path(folder, "rows.ndjson")
    databases = pathlib.Path(folder, "databases.json")
    with databases.open("w", encoding="utf-8") as answer:
        subprocess.run([binary, "audit", "--rows", rows, "--format", "json", *paths], stdout=answer)
    with rows.open(encoding="utf-8") as lines:
        held = context.parallelize(list(rows_of(lines, parts)), 1)
    records = context.union(
        [held, context.parallelize(told, 1), *(lines_of(context, file, parts, split) for file in files)]
    )
    ordered = records.repartitionAndSortWithinPartitions(
        numPartitions=parts, partitionFunc=lambda key: key[1], keyfunc=lambda key: key[0]
    )
    command = " ".join([binary, "audit", "--records", "--format", "json", *options])
    # A part ends with 1 where something is found: what it ends with is told by the answer of all of them.
    answers = ordered.values().pipe(command, checkCode=False).glom().map("\n".join).collect()
    names = [str(databases)]
    for number, answer in enumerate(answers):
        name = pathlib.Path(folder, f"{number}.json")
        name.write_text(answer, encoding="utf-8")
        names.append(str(name))
    merged = subprocess.run([binary, "audit", "--merge", "--format", "json", *names], stdout=subprocess.PIPE)
    return merged.stdout.decode("utf-8"), merged.returncode


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    arguments.add_argument("paths", nargs="+")
    arguments.add_argument("--binary", default="session-lifecycle")
    arguments.add_argument("--master", help="as Spark knows it; by default as spark-submit was told")
    arguments.add_argument("--parts", type=int, default=64, help="how many parts the threads are spread over")
    arguments.add_argument("--split", type=int, help="how many bytes of a file are read at a time, at most")
    arguments.add_argument("--strict", action="store_true")
    asked = arguments.parse_args()

    from pyspark import SparkConf, SparkContext

    conf = SparkConf().setAppName("session-lifecycle audit")
    if asked.master:
        conf.setMaster(asked.master)
    with SparkContext(conf=conf) as context:
        options = ["--strict"] if asked.strict else []
        answer, code = audit(context, asked.binary, asked.paths, asked.parts, asked.split, options)
    print(answer, end="")
    sys.exit(code)


if __name__ == "__main__":
    main()
