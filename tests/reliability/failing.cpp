// Makes one call of the C library fail, loaded before it (LD_PRELOAD): an allocation, a write, a read, the opening or
// renaming of a file, the start of a thread. HERSURV_FAIL=KIND:N lets the N-th call of a kind fail, KIND:N+ also all
// that follow; HERSURV_COUNT=FILE appends how many calls there were, one "KIND N" a line.
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <string_view>
#include <sys/syscall.h>
#include <unistd.h>

extern "C" void* __libc_malloc(std::size_t);
extern "C" void* __libc_calloc(std::size_t, std::size_t);
extern "C" void* __libc_realloc(void*, std::size_t);
extern "C" void* __libc_memalign(std::size_t, std::size_t);

namespace {

enum Kind { allocate, write_bytes, read_bytes, open_file, rename_file, start_thread, n_kinds };
constexpr const char* names[n_kinds] = {"allocate", "write", "read", "open", "rename", "thread"};

std::atomic<long> calls[n_kinds];
int failing_kind = -1;
long failing_call = 0;
bool and_all_after = false;
const char* count_file = nullptr;

// Before the program's own objects are made.
__attribute__((constructor)) void begin() {
    count_file = std::getenv("HERSURV_COUNT");
    const char* const asked = std::getenv("HERSURV_FAIL");
    const char* const colon = asked ? std::strchr(asked, ':') : nullptr;
    if (!colon) return;
    for (int kind = 0; kind < n_kinds; ++kind)
        if (std::string_view(asked, static_cast<std::size_t>(colon - asked)) == names[kind]) failing_kind = kind;
    char* end = nullptr;
    failing_call = std::strtol(colon + 1, &end, 10);
    and_all_after = *end == '+';
}

__attribute__((destructor)) void end() {
    if (!count_file) return;
    const int file = static_cast<int>(syscall(SYS_openat, AT_FDCWD, count_file, O_WRONLY | O_APPEND | O_CREAT, 0600));
    for (int kind = 0; kind < n_kinds; ++kind) {
        char line[64];
        const int size = std::snprintf(line, sizeof line, "%s %ld\n", names[kind], calls[kind].load());
        syscall(SYS_write, file, line, static_cast<std::size_t>(size));
    }
    syscall(SYS_close, file);
}

bool fails(Kind kind) {
    const long call = ++calls[kind];
    return kind == failing_kind && (call == failing_call || (and_all_after && call > failing_call));
}

template <typename Function>
Function* next(const char* name) {
    return reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" {

void* malloc(std::size_t size) {
    if (fails(allocate)) return errno = ENOMEM, nullptr;
    return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
    if (fails(allocate)) return errno = ENOMEM, nullptr;
    return __libc_calloc(count, size);
}
void* realloc(void* old, std::size_t size) {
    if (fails(allocate)) return errno = ENOMEM, nullptr;
    return __libc_realloc(old, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    if (fails(allocate)) return errno = ENOMEM, nullptr;
    return __libc_memalign(alignment, size);
}
int posix_memalign(void** result, std::size_t alignment, std::size_t size) {
    if (fails(allocate)) return ENOMEM;
    *result = __libc_memalign(alignment, size);
    return *result ? 0 : ENOMEM;
}

ssize_t write(int file, const void* bytes, std::size_t size) {
    if (fails(write_bytes)) return errno = ENOSPC, -1;
    return syscall(SYS_write, file, bytes, size);
}
ssize_t read(int file, void* bytes, std::size_t size) {
    if (fails(read_bytes)) return errno = EIO, -1;
    return syscall(SYS_read, file, bytes, size);
}
int rename(const char* from, const char* to) {
    if (fails(rename_file)) return errno = EACCES, -1;
    return static_cast<int>(syscall(SYS_rename, from, to));
}
int open(const char* path, int flags, ...) {
    __builtin_va_list rest;
    __builtin_va_start(rest, flags);
    const mode_t mode = (flags & O_CREAT) != 0 ? __builtin_va_arg(rest, mode_t) : 0;
    __builtin_va_end(rest);
    if (fails(open_file)) return errno = EMFILE, -1;
    return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags, mode));
}
int open64(const char* path, int flags, ...) __attribute__((alias("open")));

std::FILE* fopen(const char* path, const char* mode) {
    if (fails(open_file)) return errno = EMFILE, nullptr;
    return next<std::FILE*(const char*, const char*)>("fopen")(path, mode);
}
std::FILE* fopen64(const char* path, const char* mode) __attribute__((alias("fopen")));

int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*function)(void*), void* argument) {
    if (fails(start_thread)) return EAGAIN;
    return next<int(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*)>("pthread_create")(thread, attributes,
                                                                                                   function, argument);
}

}  // extern "C"
