// SPDX-License-Identifier: Apache-2.0

using System;

namespace Peregrine.Cli.Certificates;

/// <summary>A certificate cannot be made, read or checked; the message says which, why, and what to do.</summary>
internal sealed class CertificateException : Exception
{
    public CertificateException(string message)
        : base(message)
    {
    }

    public CertificateException(string message, Exception cause)
        : base(message, cause)
    {
    }
}
