// Comma-separated files by column name: support::CsvTable over the bytes of a file.
#pragma once

#include "support/csv.hpp"
#include "support/file.hpp"
#include <string>

namespace hersurv::bench {

struct CsvTable : support::CsvTable {
    // Throws support::InputError also where the file cannot be read.
    explicit CsvTable(const std::string& path) : support::CsvTable(support::read_file(path), path) {}
};

}  // namespace hersurv::bench
