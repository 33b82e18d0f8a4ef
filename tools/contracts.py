"""An import contract that import-linter lacks: a list of what is allowed instead of what is forbidden."""

import sys

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

Finding = tuple[str, str, int | None]


class StandardLibraryOnly(Contract):
    """The package imports itself and the standard library, minus `except_for`, and nothing else."""

    type_name = "standard_library_only"

    package = fields.StringField()
    except_for = fields.SetField(subfield=fields.StringField(), required=False, default=set())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Lists every direct import that leaves the package for anything but the standard library."""
        package = str(self.package)
        # An unknown package raises here, so a renamed room cannot pass unseen.
        modules = {package} | graph.find_descendants(package)
        allowed = sys.stdlib_module_names - set(self.except_for)  # type: ignore[call-overload]
        findings: list[Finding] = [
            (module, imported, detail["line_number"])
            for module in sorted(modules)
            for imported in sorted(graph.find_modules_directly_imported_by(module) - modules)
            if imported.split(".")[0] not in allowed
            for detail in graph.get_import_details(importer=module, imported=imported)
        ]
        return ContractCheck(kept=not findings, metadata={"findings": findings})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line an import."""
        for module, imported, line in check.metadata["findings"]:
            output.print_error(f"{module} -> {imported} (l.{line})", bold=False)
        output.new_line()
