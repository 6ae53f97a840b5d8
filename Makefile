# Hai lệnh cho người mới: `make demo` và `make test`. Mọi thứ cần thiết được cài vào .venv của thư mục này.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
ARGS ?=
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Bản dịch sẵn của mã được giữ lại: nếu không, mỗi tiến trình hue-dti mà kiểm thử khởi động lại dịch cả chương trình.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install demo test check lint types contracts browser-tools report-tools bench proof wheel clean

help:  ## In danh sách lệnh
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(READY): setup.cfg pyproject.toml
	@command -v $(PYTHON) >/dev/null 2>&1 || { echo "Cần Python 3.11 (lệnh $(PYTHON)); hãy cài rồi chạy lại, hoặc dùng make PYTHON=/đường/dẫn/python."; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --editable '.[embedded,test,check]'
	@touch $@

install: $(READY)  ## Cài môi trường vào .venv

demo: $(READY)  ## Chạy trọn một quý của huyện Nam Đông, từ nguồn đến báo cáo, rồi mở trang web
	$(BIN)/hue-dti demo $(ARGS)

browser-tools:
	@.ci/system-packages

test: $(READY) browser-tools  ## Chạy mọi kiểm thử
	$(BIN)/python -m pytest -q -n 2 --dist loadfile $(ARGS)

lint: $(READY)  ## Kiểm tra cách viết mã
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(READY)  ## Kiểm tra kiểu
	$(BIN)/mypy

contracts: $(READY)  ## Kiểm tra các phòng chỉ biết phòng dưới
	$(BIN)/lint-imports

check: lint types contracts  ## lint, kiểu, hợp đồng, tệp tiêu chí
	$(BIN)/hue-dti criteria check

bench: $(READY)  ## Đo tốc độ; số đo ghi ở benchmarks/README.md
	$(BIN)/python -m pip install --quiet --editable '.[benchmarks]'
	$(BIN)/python -m benchmarks $(ARGS)

proof: $(READY) browser-tools  ## Các phép chứng minh dài; ghi kết quả vào docs/proofs.md
	$(BIN)/python -m benchmarks.proofs $(ARGS)

wheel: $(READY)  ## Đóng gói và thử gói trong môi trường sạch
	.ci/wheel

clean:  ## Xóa môi trường và tệp sinh ra
	rm -rf $(VENV) build dist *.egg-info out .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
