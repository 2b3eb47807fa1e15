// SPDX-License-Identifier: GPL-3.0-or-later
// Purpose: Result<T> is a T or an Error; Result<void> is success or an Error. Functions that can fail
// return one; exceptions of third-party libraries stop at the folder that calls the library.
#pragma once

#include "engine/base/error.h"

#include <cassert>
#include <optional>
#include <utility>
#include <variant>

namespace lapidary {

template <typename T>
class [[nodiscard]] Result {
public:
    Result(T value) : m_state(std::in_place_index<0>, std::move(value)) {}
    Result(Error error) : m_state(std::in_place_index<1>, std::move(error)) {}

    bool ok() const { return m_state.index() == 0; }
    explicit operator bool() const { return ok(); }

    // Precondition: ok().
    T& value() & { return *checked(); }
    const T& value() const& { return *const_cast<Result*>(this)->checked(); }
    T&& value() && { return std::move(*checked()); }
    T& operator*() & { return *checked(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*checked()); }
    T* operator->() { return checked(); }
    const T* operator->() const { return const_cast<Result*>(this)->checked(); }

    // Precondition: !ok().
    const Error& error() const& { return *std::get_if<1>(&m_state); }
    Error&& error() && { return std::move(*std::get_if<1>(&m_state)); }

private:
    T* checked()
    {
        assert(ok());
        return std::get_if<0>(&m_state);
    }
    std::variant<T, Error> m_state;
};

template <>
class [[nodiscard]] Result<void> {
public:
    Result() = default;
    Result(Error error) : m_error(std::move(error)) {}

    bool ok() const { return !m_error.has_value(); }
    explicit operator bool() const { return ok(); }
    const Error& error() const& { return *m_error; }
    Error&& error() && { return std::move(*m_error); }

private:
    std::optional<Error> m_error;
};

using Status = Result<void>;

} // namespace lapidary

#define LAPIDARY_CONCAT_INNER(a, b) a##b
#define LAPIDARY_CONCAT(a, b) LAPIDARY_CONCAT_INNER(a, b)

// TRY_ASSIGN(auto x, f()): x becomes the value, or the enclosing function returns the error.
#define TRY_ASSIGN(declaration, expression)                                                                  \
    auto LAPIDARY_CONCAT(tryResult, __LINE__) = (expression);                                                \
    if (!LAPIDARY_CONCAT(tryResult, __LINE__).ok())                                                          \
        return std::move(LAPIDARY_CONCAT(tryResult, __LINE__)).error();                                      \
    declaration = std::move(LAPIDARY_CONCAT(tryResult, __LINE__)).value()

// TRY(f()): the enclosing function returns the error of f, if there is one.
#define TRY(expression)                                                                                      \
    do {                                                                                                     \
        if (auto tryStatus = (expression); !tryStatus.ok())                                                  \
            return std::move(tryStatus).error();                                                             \
    } while (false)
