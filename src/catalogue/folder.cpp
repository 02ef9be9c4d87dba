// Which files of a folder are documents: a folder may hold curves and patients beside its tables of trials.
#include "catalogue/folder.hpp"

#include "hersurv/error.hpp"

#include "catalogue/trials_cells.hpp"
#include "support/file.hpp"
#include <string_view>

namespace hersurv::catalogue {

FolderDocuments list_documents(const std::string& folder) {
    constexpr std::string_view endings[] = {".json", ".csv", ".tsv"};
    FolderDocuments documents;
    for (std::string& file : support::list_files(folder, endings)) {
        const bool is_document = file.ends_with(".json") || has_trial_column(support::read_file(file), file);
        (is_document ? documents.files : documents.left_out).push_back(std::move(file));
    }
    if (documents.files.empty())
        throw support::InputError({support::Fault{
            folder, "", "the folder has no document *.json and no table of trials *.csv or *.tsv",
            "name the folder that holds the catalogue's documents; a table of trials has a column \"trial\"", 0, 0}});
    return documents;
}

}  // namespace hersurv::catalogue
