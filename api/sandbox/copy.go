package sandbox

import (
	"reflect"

	"github.com/talkdesk-express/contractactions/gen"
)

func cloneActions(actions []gen.ContractAction) []gen.ContractAction {
	clones := make([]gen.ContractAction, len(actions))
	for i, action := range actions {
		clones[i] = cloneAction(action)
	}
	return clones
}

// cloneAction returns a copy that shares no memory with the original.
func cloneAction(action gen.ContractAction) gen.ContractAction {
	return deepCopy(reflect.ValueOf(action)).Interface().(gen.ContractAction)
}

// deepCopy copies everything that generated models consist of. Structs with
// unexported fields, such as time.Time, are copied as they are.
func deepCopy(original reflect.Value) reflect.Value {
	switch original.Kind() {
	case reflect.Pointer, reflect.Interface:
		if original.IsNil() {
			return original
		}
		target := reflect.New(original.Elem().Type())
		target.Elem().Set(deepCopy(original.Elem()))
		if original.Kind() == reflect.Interface {
			return target.Elem()
		}
		return target
	case reflect.Slice:
		if original.IsNil() {
			return original
		}
		target := reflect.MakeSlice(original.Type(), original.Len(), original.Len())
		for i := range original.Len() {
			target.Index(i).Set(deepCopy(original.Index(i)))
		}
		return target
	case reflect.Map:
		if original.IsNil() {
			return original
		}
		target := reflect.MakeMapWithSize(original.Type(), original.Len())
		for iterator := original.MapRange(); iterator.Next(); {
			target.SetMapIndex(iterator.Key(), deepCopy(iterator.Value()))
		}
		return target
	case reflect.Struct:
		target := reflect.New(original.Type()).Elem()
		target.Set(original)
		for i := range target.NumField() {
			if target.Field(i).CanSet() {
				target.Field(i).Set(deepCopy(original.Field(i)))
			}
		}
		return target
	default:
		return original
	}
}
