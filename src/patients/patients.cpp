// The one transformation of patient-level data that others share.
#include "hersurv/patients.hpp"

namespace hersurv::patients {

std::vector<Patient> reversed(std::vector<Patient> patients) {
    for (Patient& patient : patients) patient.event = !patient.event;
    return patients;
}

}  // namespace hersurv::patients
