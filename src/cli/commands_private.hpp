// What the rows of the table of commands name: one maker a command, each in its own file.
#pragma once

#include "hersurv/cli/command.hpp"

#include <memory>

namespace hersurv::cli {

std::unique_ptr<Command> make_list();
std::unique_ptr<Command> make_show();
std::unique_ptr<Command> make_fit();
std::unique_ptr<Command> make_curve();
std::unique_ptr<Command> make_table();
std::unique_ptr<Command> make_plot();
std::unique_ptr<Command> make_report();
std::unique_ptr<Command> make_patients();
std::unique_ptr<Command> make_check();
std::unique_ptr<Command> make_validate();
std::unique_ptr<Command> make_schema();
std::unique_ptr<Command> make_template();
std::unique_ptr<Command> make_completion();
std::unique_ptr<Command> make_complete();      // __complete
std::unique_ptr<Command> make_docs();          // __docs
std::unique_ptr<Command> make_manual_page();   // __man
std::unique_ptr<Command> make_rules();         // __rules
std::unique_ptr<Command> make_review_audit();  // __review-audit

}  // namespace hersurv::cli
