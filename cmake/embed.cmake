# Compiles the data files into the library: the catalogue with its index, its schema and template, the learnt constants, the measured accuracy and the
# style, script and controls of the page that `report` writes.
#
# hersurv_embed(OUT_VAR) sets OUT_VAR to the generated sources. They are made at build time by embed_catalogue.cmake and made again when
# a data file or the script changes; a new document is found by the glob when the build is run.
function(hersurv_embed OUT_VAR)
  set(data "${PROJECT_SOURCE_DIR}/data")
  set(script "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/embed_catalogue.cmake")
  set(folder "${CMAKE_CURRENT_BINARY_DIR}/generated")
  file(GLOB documents CONFIGURE_DEPENDS "${data}/catalogue/*.json")
  set(single_files "${data}/schema/catalogue.schema.json" "${data}/schema/template.json" "${data}/schema/template.csv" "${data}/catalogue_index.csv" "${data}/priors.json" "${data}/accuracy.csv"
      "${PROJECT_SOURCE_DIR}/src/report/page/report.css" "${PROJECT_SOURCE_DIR}/src/report/page/report.js"
      "${PROJECT_SOURCE_DIR}/src/report/page/explorer.html")
  foreach(file IN LISTS single_files)
    if(NOT EXISTS "${file}")
      message(FATAL_ERROR "${file} is missing: it is compiled into the library")
    endif()
  endforeach()
  # The list of documents is a file of its own, so that taking a document away runs the script again.
  string(REPLACE ";" "\n" document_lines "${documents}")
  file(GENERATE OUTPUT "${folder}/documents.txt" CONTENT "${document_lines}\n")
  set(catalogue_source "${folder}/builtin_catalogue.cpp")
  set(data_source "${folder}/builtin_data.cpp")
  add_custom_command(
    OUTPUT "${catalogue_source}" "${data_source}"
    COMMAND "${CMAKE_COMMAND}" -D "ROOT=${PROJECT_SOURCE_DIR}" -D "DOCUMENTS=${folder}/documents.txt"
            -D "CATALOGUE_SOURCE=${catalogue_source}" -D "DATA_SOURCE=${data_source}" -P "${script}"
    DEPENDS ${documents} ${single_files} "${script}" "${folder}/documents.txt"
    COMMENT "Compiling the catalogue into the library"
    VERBATIM)
  set(${OUT_VAR} "${catalogue_source}" "${data_source}" PARENT_SCOPE)
endfunction()
