# `make` alone lists the targets. One line of `##` beside a target is its entry in that list.
# Bytecode caches make imports fast; some machines switch them off.
unexport PYTHONDONTWRITEBYTECODE
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
READY := .venv/.installed

.PHONY: help setup demo test torture check format bench bench-large bench-peers mutation schema letters machines programme helps real-tables lock clean

help: ## この一覧を表示します / list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(READY): requirements.lock pyproject.toml tools/setup
	@tools/setup

setup: $(READY) ## 実行環境(.venv)を用意します / prepare .venv from the lock

demo: $(READY) ## 見本の会社でひと通り動かします / run the example company from end to end
	@$(PYTHON) -m hagukumi.demo

check: $(READY) ## 書式・型・読み込みの向きを確かめます / lint, format, types, import contracts
	@.venv/bin/ruff check --quiet .
	@.venv/bin/ruff format --check --quiet . || { echo "run 'make format' / make format を実行してください" >&2; exit 1; }
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo

test: check ## check のあと全テスト(SQLite と PostgreSQL) / check, then every test on SQLite and PostgreSQL
	@tools/install-postgres
	@tools/install-prism
	@TMPDIR=$$(tools/scratch) $(PYTHON) -m tests.postgres $(PYTHON) -m pytest -n 2 $(PYTEST_FLAGS)

torture: $(READY) ## 同じ会社をあらゆる暮らし方で比べます(長時間) / one company lived in every way, at length
	@tools/install-postgres
	@$(PYTHON) -m tests.postgres $(PYTHON) -m tests.torture $(TORTURE_FLAGS)

format: $(READY) ## コードの書式を整えます / format the code
	@.venv/bin/ruff check --quiet --fix --exit-zero . && .venv/bin/ruff format .

bench: $(READY) ## 速度を測ります / measure speed
	@if [ -f benches/__main__.py ]; then $(PYTHON) -m benches; else echo "No benches yet. / まだ測定はありません。"; fi

bench-large: $(READY) ## 10万人の60営業日を測ります(20分ほど) / sixty business days of 100,000 people (about 20 minutes)
	@$(PYTHON) -m benches --only large

bench-peers: $(READY) ## 同種の製品と速度を比べます / measure beside comparable products
	@if [ -f benches/peers/__main__.py ]; then $(PYTHON) -m benches.peers; else echo "No comparisons yet. / まだ比較はありません。"; fi

mutation: $(READY) ## テストの強さを測ります(ONLY='hagukumi.letters.ledger*') / change the code, see which tests notice
	@$(PYTHON) tools/mutation.py $(if $(ONLY),'$(ONLY)')

schema: $(READY) ## エディターの補完用スキーマと言語の手引きを作り直します / rewrite editors' schemas and the reference
	@$(PYTHON) -m hagukumi.schemas
	@$(PYTHON) -m hagukumi.journeys.language.reference
	@$(PYTHON) -m hagukumi.letters.guard_page

letters: $(READY) ## メールの見え方を確かめ、画像を作ります / check letters for mail programs, take their pictures
	@$(PYTHON) -m tools.letters

machines: $(READY) ## 機械と人の見分けを、真値と比べます(30分ほど) / judge how machines are told from people (about 30 minutes)
	@$(PYTHON) -m tools.machines

programme: $(READY) ## 50件のリストを、真値のある会社で半年測ります(10分ほど) / the list of fifty against the truth (about 10 minutes)
	@$(PYTHON) -m tools.programme_runs

helps: $(READY) ## 確率が役に立つか、真値のある会社で確かめます(1時間ほど) / does the probability help (about an hour)
	@$(PYTHON) -m tools.helps

real-tables: $(READY) ## 公開されている二つの表から学び、文書の数値を書き直します / what two public tables teach
	@$(PYTHON) -m tools.real_tables

lock: $(READY) ## 依存関係を固定し直します(LOCK_FLAGS=--upgrade で更新) / rewrite requirements.lock
	@tools/lock

clean: ## 作られたものを消します(var/ は残します) / remove what was built (var/ stays)
	rm -rf .venv .venv.lock *.egg-info build dist mutants .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
