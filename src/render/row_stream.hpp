// A table that is longer than memory: written part by part, byte for byte as if it were one report.
#pragma once

#include "render/formats.hpp"
#include <string>

namespace hersurv::render {

class RowStream {
  public:
    // A format for programs that writes a row per line; `continued`: behind another report of the same kind. Throws
    // std::invalid_argument for another format.
    RowStream(const Format& format, bool continued);
    // Appends the rows of a part; all parts have the same columns.
    void append(std::string& text, const Report& part);
    // Appends what closes the text; `rest` has the columns, and what is beside the rows.
    void finish(std::string& text, const Report& rest);

  private:
    const Format* format_;
    bool continued_, has_rows_ = false;
};

}  // namespace hersurv::render
