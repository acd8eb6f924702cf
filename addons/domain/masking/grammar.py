"""Which types of tree-sitter nodes are definitions, constants and imports; which suffixes are which language."""

LANGUAGES = {
    **dict.fromkeys(("py", "pyi", "python"), "python"),
    **dict.fromkeys(("js", "jsx", "mjs", "cjs", "javascript"), "javascript"),
    **dict.fromkeys(("ts", "mts", "cts", "typescript"), "typescript"),
    "tsx": "tsx",
    "java": "java",
    **dict.fromkeys(("go", "golang"), "go"),
    **dict.fromkeys(("rs", "rust"), "rust"),
}
"""Suffix or fence language -> grammar."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


OTHER_LANGUAGES = _words("""
    asm bash c cc clj cpp cs css cxx dart erl ex exs fs gradle graphql groovy h hcl hh hpp hs jl kt kts less lua m ml mm
    nim php pl pm proto ps1 r rb s scala scss sh sql svelte swift tf thrift vb vue zig zsh
""")
"""Suffixes and fence languages of source code for which no grammar ships here."""
DEFINITIONS = _words("""
    function_definition class_definition decorated_definition
    function_declaration generator_function_declaration class_declaration abstract_class_declaration method_definition
    interface_declaration type_alias_declaration enum_declaration internal_module function_signature method_signature
    method_declaration constructor_declaration record_declaration annotation_type_declaration type_declaration
    function_item struct_item enum_item trait_item impl_item mod_item macro_definition union_item
""")
"""Define a name with a body of its own: Python; JavaScript, TypeScript; Java, Go; Rust."""
CONSTANTS = _words("""
    expression_statement lexical_declaration variable_declaration public_field_definition field_definition
    field_declaration const_declaration var_declaration const_item static_item type_item
""")
"""May give a value to a name at module or class level."""
IMPORTS = _words("""
    import_statement import_from_statement future_import_statement import_declaration use_declaration
    package_declaration package_clause
""")
INSIDE = _words("""
    block class_body interface_body enum_body declaration_list export_statement if_statement try_statement else_clause
    except_clause ERROR statement_block program module source_file object_type enum_body_declarations constructor_body
""")
"""Definitions are looked for in them; they have no line of their own."""
