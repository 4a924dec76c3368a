// SPDX-License-Identifier: Apache-2.0
using System;
using System.Collections.Generic;
using System.Threading;

namespace Peregrine.Protobuf.Reflection;

/// <summary>
/// Finds the messages and enums that a file may name: its own, those of its imports, and of what these import publicly.
/// </summary>
internal sealed class TypeLookup(FileDescriptor file)
{
    private FileDescriptor[]? _visibleFiles;
    private HashSet<FileDescriptor>? _visibleSet;
    private HashSet<string>? _visiblePackages;
    private HashSet<FileDescriptor>? _imports;
    private PublicFiles? _shown;
    private bool _hasShown;
    private Dictionary<string, IDescriptor>? _ownSymbols;
    private Dictionary<string, IDescriptor>? _otherSymbols;

    /// <summary>
    /// Looks names up in these tables from now on, until <see cref="EndLinking"/>: a file with many imports and many references would else
    /// be searched for each with each.
    /// </summary>
    public void BeginLinking(Dictionary<string, IDescriptor> own, Dictionary<string, IDescriptor> others)
    {
        _ownSymbols = own;
        _otherSymbols = others;
        _imports = [.. file.Dependencies];
    }

    /// <summary>All names are looked up; what was needed for that goes.</summary>
    public void EndLinking()
    {
        _ownSymbols = null;
        _otherSymbols = null;
        _visibleFiles = null;
        _visibleSet = null;
        _visiblePackages = null;
        _imports = null;
        _shown = null;
        _hasShown = false;
    }

    /// <summary>
    /// Finds the type that a name means: one with a leading dot is a full name; another is looked up from the innermost
    /// scope outwards, as the language has it: the first part decides the scope, the rest must lie in it.
    /// </summary>
    /// <param name="name">The name.</param>
    /// <param name="user">Who names it: a field or method.</param>
    public DescriptorBase? Resolve(string name, DescriptorBase user)
    {
        if (name.StartsWith('.'))
        {
            return Find(name[1..]);
        }

        int dot = name.IndexOf('.', StringComparison.Ordinal);
        string first = dot < 0 ? name : name[..dot];

        // In messages by the short name: full names may be very long, and a scope's is longer than that of the scope around it.
        for (var scope = user.Parent as MessageDescriptor; scope is not null; scope = scope.ContainingType)
        {
            DescriptorBase? found = scope.FindNestedType(first);
            if (dot < 0 ? found is not null : found is MessageDescriptor)
            {
                return dot < 0 ? found : Find(FileDescriptor.Qualify(scope.FullName, name));
            }
        }

        string package = file.Package;
        while (true)
        {
            string candidate = FileDescriptor.Qualify(package, first);
            if (dot < 0)
            {
                if (Find(candidate) is { } type)
                {
                    return type;
                }
            }
            else if (Find(candidate) is MessageDescriptor || IsVisiblePackage(candidate))
            {
                return Find(FileDescriptor.Qualify(package, name));
            }

            if (package.Length == 0)
            {
                return null;
            }

            package = package[..Math.Max(package.LastIndexOf('.'), 0)];
        }
    }

    private DescriptorBase? Find(string fullName)
    {
        if (_otherSymbols is { } others)
        {
            IDescriptor? found = _ownSymbols!.GetValueOrDefault(fullName) ?? others.GetValueOrDefault(fullName);
            return found is MessageDescriptor or EnumDescriptor && IsVisible(found.File) ? (DescriptorBase)found : null;
        }

        foreach (FileDescriptor each in VisibleFiles)
        {
            if (each.FindOwnType(fullName) is { } type)
            {
                return type;
            }
        }

        return null;
    }

    private bool IsVisible(FileDescriptor other)
    {
        if (ReferenceEquals(other, file) || _imports!.Contains(other))
        {
            return true;
        }

        if (!_hasShown)
        {
            _shown = PublicFiles.Join(file.Dependencies);
            _hasShown = true;
        }

        return _shown?.Contains(other) ?? (_visibleSet ??= [.. VisibleFiles]).Contains(other);
    }

    private bool IsVisiblePackage(string name)
    {
        // The file that was declared last stands for its package; all files need to be looked at only where that one is not visible.
        if (_otherSymbols is { } others)
        {
            IDescriptor? found = _ownSymbols!.GetValueOrDefault(name) ?? others.GetValueOrDefault(name);
            if (found is not FileDescriptor stand || IsVisible(stand))
            {
                return found is FileDescriptor;
            }
        }

        if (_visiblePackages is null)
        {
            // A package makes each of those around it one as well.
            HashSet<string> packages = new(StringComparer.Ordinal);
            foreach (FileDescriptor each in VisibleFiles)
            {
                string package = each.Package;
                while (package.Length > 0 && packages.Add(package))
                {
                    package = package[..Math.Max(package.LastIndexOf('.'), 0)];
                }
            }

            _visiblePackages = packages;
        }

        return _visiblePackages.Contains(name);
    }

    private FileDescriptor[] VisibleFiles
    {
        get
        {
            FileDescriptor[]? files = Volatile.Read(ref _visibleFiles);
            if (files is null)
            {
                HashSet<FileDescriptor> seen = [file];
                List<FileDescriptor> found = [file];
                foreach (FileDescriptor dependency in file.Dependencies)
                {
                    if (seen.Add(dependency))
                    {
                        found.Add(dependency);
                    }
                }

                // The list grows while it is walked: public imports are followed to any depth without recursion.
                for (int i = 1; i < found.Count; i++)
                {
                    foreach (FileDescriptor dependency in found[i].PublicDependencies)
                    {
                        if (seen.Add(dependency))
                        {
                            found.Add(dependency);
                        }
                    }
                }

                files = [.. found];
                Volatile.Write(ref _visibleFiles, files);
            }

            return files;
        }
    }
}
