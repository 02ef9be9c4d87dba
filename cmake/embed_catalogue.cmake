# Writes the data files as C++ sources; run at build time by embed.cmake with ROOT, DOCUMENTS (a file with one path a line),
# CATALOGUE_SOURCE and DATA_SOURCE.
#
# Every byte becomes a \x escape, so that no semicolon, bracket, backslash, quote or line ending of the JSON meets CMake's lists or
# the compiler's raw strings; the literal is cut into short pieces that the compiler joins.
cmake_minimum_required(VERSION 3.25)

set(piece "................................................................")  # 32 bytes, two hexadecimal digits each

function(to_literal path out)
  file(READ "${path}" hex HEX)
  string(REGEX REPLACE "(${piece})" "\\1\n" hex "${hex}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "\\\\x\\1" escaped "${hex}")
  string(REGEX REPLACE "\n$" "" escaped "${escaped}")
  string(REPLACE "\n" "\"\n    \"" escaped "${escaped}")
  set(${out} "\"${escaped}\"" PARENT_SCOPE)
endfunction()

# A name as a C++ string literal; names are JSON strings and hold no control characters.
function(to_name_literal name out)
  string(REPLACE "\\" "\\\\" name "${name}")
  string(REPLACE "\"" "\\\"" name "${name}")
  set(${out} "\"${name}\"" PARENT_SCOPE)
endfunction()

function(write_if_changed path content)
  set(old "")
  if(EXISTS "${path}")
    file(READ "${path}" old)
  endif()
  if(NOT old STREQUAL content)
    file(WRITE "${path}" "${content}")
  else()
    file(TOUCH "${path}")  # newer than what it was made from
  endif()
endfunction()

# The SHA-256 of a file in base64, as a content security policy names it: three hexadecimal digits are two characters.
function(to_sha256 path out)
  set(characters "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  file(SHA256 "${path}" hex)
  set(base64 "")
  foreach(start RANGE 0 60 3)
    string(SUBSTRING "${hex}" ${start} 3 digits)
    math(EXPR first "0x${digits} / 64")
    math(EXPR second "0x${digits} % 64")
    string(SUBSTRING "${characters}" ${first} 1 first)
    string(SUBSTRING "${characters}" ${second} 1 second)
    string(APPEND base64 "${first}${second}")
  endforeach()
  string(SUBSTRING "${hex}" 63 1 digit)  # 4 bits are left of 256
  math(EXPR last "0x${digit} * 4")
  string(SUBSTRING "${characters}" ${last} 1 last)
  set(${out} "${base64}${last}=" PARENT_SCOPE)
endfunction()

file(STRINGS "${DOCUMENTS}" paths ENCODING UTF-8)
list(SORT paths)
set(arrays "")
set(rows "")
set(number 0)
foreach(path IN LISTS paths)
  file(READ "${path}" json)
  set(ids "")
  set(aliases "")
  set(source_keys "")
  set(id_count 0)
  set(alias_count 0)
  set(source_count 0)
  string(JSON trials ERROR_VARIABLE error LENGTH "${json}" trials)
  if(NOT error STREQUAL "NOTFOUND")
    message(FATAL_ERROR "${path}: ${error}")
  endif()
  math(EXPR last "${trials} - 1")
  if(trials GREATER 0)
    foreach(i RANGE ${last})
      string(JSON name GET "${json}" trials ${i} id)
      to_name_literal("${name}" literal)
      string(APPEND ids "${literal}, ")
      math(EXPR id_count "${id_count} + 1")
      string(JSON alias_length ERROR_VARIABLE error LENGTH "${json}" trials ${i} aliases)
      if(error STREQUAL "NOTFOUND" AND alias_length GREATER 0)
        math(EXPR last_alias "${alias_length} - 1")
        foreach(j RANGE ${last_alias})
          string(JSON name GET "${json}" trials ${i} aliases ${j})
          to_name_literal("${name}" literal)
          string(APPEND aliases "${literal}, ")
          math(EXPR alias_count "${alias_count} + 1")
        endforeach()
      endif()
    endforeach()
  endif()
  string(JSON source_length ERROR_VARIABLE error LENGTH "${json}" sources)
  if(error STREQUAL "NOTFOUND" AND source_length GREATER 0)
    math(EXPR last_source "${source_length} - 1")
    foreach(i RANGE ${last_source})
      string(JSON name MEMBER "${json}" sources ${i})
      to_name_literal("${name}" literal)
      string(APPEND source_keys "${literal}, ")
      math(EXPR source_count "${source_count} + 1")
    endforeach()
  endif()
  file(RELATIVE_PATH relative "${ROOT}" "${path}")
  to_name_literal("${relative}" file_literal)
  to_literal("${path}" text_literal)
  file(SHA256 "${path}" digest)
  string(APPEND arrays
    "constexpr std::array<std::string_view, ${id_count}> ids_${number}{${ids}};\n"
    "constexpr std::array<std::string_view, ${alias_count}> aliases_${number}{${aliases}};\n"
    "constexpr std::array<std::string_view, ${source_count}> source_keys_${number}{${source_keys}};\n"
    "constexpr char text_${number}[] =\n    ${text_literal};\n")
  # The size is the array's: a view made from a pointer would end at a NUL byte.
  string(APPEND rows
    "    {${file_literal}, ids_${number}, aliases_${number}, source_keys_${number}, {text_${number}, sizeof(text_${number}) - 1}, \"${digest}\"},\n")
  math(EXPR number "${number} + 1")
endforeach()

set(heading "by cmake/embed_catalogue.cmake; changes belong into the data files.\n")
write_if_changed("${CATALOGUE_SOURCE}"
"// The built-in catalogue and its index, generated ${heading}#include <array>

#include \"catalogue/builtin.hpp\"

namespace hersurv::catalogue {
namespace {

${arrays}
constexpr std::array<BuiltinDocument, ${number}> documents{{
${rows}}};

}  // namespace

std::span<const BuiltinDocument> builtin_documents() { return documents; }

}  // namespace hersurv::catalogue
")

to_literal("${ROOT}/data/schema/catalogue.schema.json" schema)
to_literal("${ROOT}/data/schema/template.json" template)
to_literal("${ROOT}/data/schema/template.csv" table_template)
to_literal("${ROOT}/data/catalogue_index.csv" index)
to_literal("${ROOT}/data/priors.json" priors)
to_literal("${ROOT}/data/accuracy.csv" accuracy)
foreach(part style:report.css script:report.js explorer:explorer.html)
  string(REPLACE ":" ";" part "${part}")
  list(GET part 0 name)
  list(GET part 1 file)
  to_literal("${ROOT}/src/report/page/${file}" page_${name})
  to_sha256("${ROOT}/src/report/page/${file}" page_${name}_sha256)
endforeach()
write_if_changed("${DATA_SOURCE}"
"// The schema, the template, the index, the learnt constants, the measured accuracy and the parts of the page, generated ${heading}#include \"catalogue/builtin.hpp\"
#include \"evidence/constants.hpp\"
#include \"fit/builtin_accuracy.hpp\"
#include \"report/page/builtin_page.hpp\"

namespace {

constexpr char schema_text[] =
    ${schema};
constexpr char template_text[] =
    ${template};
constexpr char table_template_text[] =
    ${table_template};
constexpr char index_text[] =
    ${index};
constexpr char priors_text[] =
    ${priors};
constexpr char accuracy_text[] =
    ${accuracy};
constexpr char page_style_text[] =
    ${page_style};
constexpr char page_script_text[] =
    ${page_script};
constexpr char page_explorer_text[] =
    ${page_explorer};

}  // namespace

namespace hersurv::catalogue {

std::string_view builtin_schema() { return {schema_text, sizeof(schema_text) - 1}; }
std::string_view builtin_template() { return {template_text, sizeof(template_text) - 1}; }
std::string_view builtin_index() { return {index_text, sizeof(index_text) - 1}; }
std::string_view builtin_table_template() { return {table_template_text, sizeof(table_template_text) - 1}; }

}  // namespace hersurv::catalogue

namespace hersurv::evidence {

std::string_view builtin_constants_text() { return {priors_text, sizeof(priors_text) - 1}; }

}  // namespace hersurv::evidence

namespace hersurv::fit {

std::string_view builtin_accuracy() { return {accuracy_text, sizeof(accuracy_text) - 1}; }

}  // namespace hersurv::fit

namespace hersurv::report {

PagePart builtin_page_style() { return {{page_style_text, sizeof(page_style_text) - 1}, \"${page_style_sha256}\"}; }
PagePart builtin_page_script() { return {{page_script_text, sizeof(page_script_text) - 1}, \"${page_script_sha256}\"}; }
std::string_view builtin_page_explorer() { return {page_explorer_text, sizeof(page_explorer_text) - 1}; }

}  // namespace hersurv::report
")
