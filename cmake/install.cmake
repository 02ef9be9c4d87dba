# What `cmake --install` and the packages contain, in two components: the program with what people and shells read about it, and the
# library for developers.
set(HERSURV_DOCUMENTS ${CMAKE_CURRENT_BINARY_DIR}/documents)

# Made by the program from its own tables of commands and options.
set(made "")
foreach(document "__man:hersurv.1" "completion bash:hersurv.bash" "completion zsh:_hersurv" "completion fish:hersurv.fish")
  string(REGEX REPLACE ":.*" "" arguments "${document}")
  string(REGEX REPLACE ".*:" "" file "${document}")
  separate_arguments(arguments)
  add_custom_command(OUTPUT ${HERSURV_DOCUMENTS}/${file} COMMAND hersurv_program ${arguments} -o ${HERSURV_DOCUMENTS}/${file}
                     DEPENDS hersurv_program VERBATIM)
  list(APPEND made ${HERSURV_DOCUMENTS}/${file})
endforeach()
add_custom_command(OUTPUT ${HERSURV_DOCUMENTS}/hersurv.1.gz COMMAND gzip -9 -n -k -f ${HERSURV_DOCUMENTS}/hersurv.1
                   DEPENDS ${HERSURV_DOCUMENTS}/hersurv.1 VERBATIM)
list(APPEND made ${HERSURV_DOCUMENTS}/hersurv.1.gz)
file(MAKE_DIRECTORY ${HERSURV_DOCUMENTS})
# The program and what is installed with it: what scripts/hersurv builds.
add_custom_target(program ALL DEPENDS hersurv_program ${made})

install(TARGETS hersurv_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT program)
install(FILES data/schema/catalogue.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/hersurv COMPONENT program)
install(FILES ${HERSURV_DOCUMENTS}/hersurv.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 COMPONENT program)
install(FILES ${HERSURV_DOCUMENTS}/hersurv.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME hersurv COMPONENT program)
install(FILES ${HERSURV_DOCUMENTS}/hersurv.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d COMPONENT program)
# zsh looks into another folder below /usr than below /usr/local, and the prefix is known at installation only.
install(CODE [[
  if(CMAKE_INSTALL_PREFIX MATCHES "/usr/?$")
    set(zsh_folder vendor-completions)
  else()
    set(zsh_folder site-functions)
  endif()]] COMPONENT program)
install(FILES ${HERSURV_DOCUMENTS}/_hersurv DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/\${zsh_folder} COMPONENT program)
# Debian's name for the licence of a package.
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright COMPONENT program)

include(CMakePackageConfigHelpers)
install(TARGETS hersurv EXPORT hersurvTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT development)
install(DIRECTORY include/hersurv DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT development)
install(EXPORT hersurvTargets NAMESPACE hersurv:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/hersurv COMPONENT development)
configure_package_config_file(cmake/hersurvConfig.cmake.in hersurvConfig.cmake INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/hersurv)
write_basic_package_version_file(hersurvConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/hersurvConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/hersurvConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/hersurv COMPONENT development)
