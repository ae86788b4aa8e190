using System.Reflection;
using System.Text;
using Sluice.Ovn;

namespace Sluice.Plan.Tests.Vpcs;

/// <summary>Rows as text for people to review: sorted, columns with the schema's default left out.</summary>
internal static class RowText
{
    public static string Of(IEnumerable<DesiredRow> rows)
    {
        var text = new StringBuilder();
        foreach (var row in rows.OrderBy(row => row.Id.ToString(), StringComparer.Ordinal))
        {
            text.Append($"{row.Id}  {row.Row.GetType().Name}\n");
            foreach (var attachment in row.Attachments)
            {
                text.Append($"  in {attachment.ParentTable}.{attachment.Column} of {attachment.Parent}\n");
            }
            foreach (var (name, value) in Columns(row.Row)) text.Append($"  {name}: {value}\n");
        }
        return text.ToString();
    }

    private static IEnumerable<(string Name, object Value)> Columns(OvnRow row)
    {
        var type = row.GetType();
        var empty = Activator.CreateInstance(type);
        return from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
               where property.CanWrite
               let value = property.GetValue(row)
               where value is not null && !value.Equals(property.GetValue(empty))
               orderby property.Name
               select (property.Name, value);
    }
}
