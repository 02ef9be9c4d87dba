// The empty alternative of a variant that also holds text or lists.
#pragma once

namespace hersurv::support {

// In place of std::monostate. libstdc++ 12 takes a variant of trivial types, strings and vectors for one that always
// has a value, and destroys a copy that ran out of memory half-way by an index that was never set (_Never_valueless_alt
// in its <variant>). With an alternative whose copy is not trivial it looks first.
struct Nothing {
    Nothing() = default;
    Nothing(const Nothing&) noexcept {}  // NOLINT(modernize-use-equals-default): that would be trivial
    Nothing& operator=(const Nothing&) = default;
    bool operator==(const Nothing&) const { return true; }
};

}  // namespace hersurv::support
