# Fails where PROGRAM ARGUMENT does not print what FILE holds.
execute_process(COMMAND ${PROGRAM} ${ARGUMENT} OUTPUT_VARIABLE printed RESULT_VARIABLE code)
file(READ ${FILE} kept)
if(NOT code EQUAL 0 OR NOT printed STREQUAL kept)
  message(FATAL_ERROR "${FILE} is not what '${PROGRAM} ${ARGUMENT}' prints (exit ${code}); write it anew with: hersurv ${ARGUMENT} > ${FILE}")
endif()
message("1 passed, 0 failed")
