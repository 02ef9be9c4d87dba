# `cpack` makes a Debian package of the program, which needs neither compiler nor sources, and a tarball of the same files.
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_COMPONENTS_ALL program)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_ARCHIVE_COMPONENT_INSTALL ON)
set(CPACK_STRIP_FILES ON)
set(CPACK_SYSTEM_NAME "linux-${CMAKE_SYSTEM_PROCESSOR}")
set(CPACK_PACKAGE_VENDOR "The hersurv authors")
set(CPACK_PACKAGE_CONTACT "The hersurv authors <hersurv@users.noreply.github.com>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGE_DESCRIPTION
"hersurv turns the results that a clinical-trial paper reports (medians,
survival at fixed times, hazard ratios, events) into survival curves with
their uncertainty, tables, figures and pseudo-patients, and checks the
published numbers against one another. It comes with a catalogue of trials
of anti-HER2 therapies in metastatic breast cancer.")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "librsvg2-2, libqpdf29")  # loaded to write PDF and PNG, and to read PDF
# Read once for each kind of package: a tarball has one folder at its top, a Debian package must not.
file(CONFIGURE OUTPUT package_kind.cmake CONTENT [[
if(CPACK_GENERATOR STREQUAL "TGZ")
  set(CPACK_COMPONENT_INCLUDE_TOPLEVEL_DIRECTORY ON)
endif()
]] @ONLY)
set(CPACK_PROJECT_CONFIG_FILE ${CMAKE_CURRENT_BINARY_DIR}/package_kind.cmake)
include(CPack)
